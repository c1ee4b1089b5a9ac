package dev.cooperativetls.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** The plain socket under the peer's TLS. It can keep records back, so that a script can send them in pieces. */
public final class Wire extends Socket {

    private final Socket plain;
    private ByteArrayOutputStream held;

    Wire(Socket plain) {
        this.plain = plain;
    }

    /** Keeps back all records until {@link #taken} is called. */
    void hold() {
        held = new ByteArrayOutputStream();
    }

    /** Returns the records since {@link #hold}. Later records are sent at once again. */
    byte[] taken() {
        byte[] records = held.toByteArray();
        held = null;
        return records;
    }

    void send(byte[] bytes, int from, int to) throws IOException {
        plain.getOutputStream().write(bytes, from, to - from);
    }

    /** Waits until the buffers between the two ends are full: nothing has arrived for half a second. */
    void settle() throws IOException, InterruptedException {
        int arrived = 0;
        for (int same = 0; same < 25; same++) {
            Thread.sleep(20);
            int now = plain.getInputStream().available();
            if (now == 0 || now > arrived) {
                arrived = now;
                same = 0;
            }
        }
    }

    void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Returns a stream that sends the kept records before it reads. */
    @Override
    public InputStream getInputStream() throws IOException {
        InputStream in = plain.getInputStream();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (held != null) {
                    plain.getOutputStream().write(held.toByteArray());
                    held.reset();
                }
                return in.read(bytes, offset, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = plain.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                (held == null ? out : held).write(bytes, offset, length);
            }
        };
    }

    @Override
    public boolean isConnected() {
        return plain.isConnected();
    }

    @Override
    public boolean isClosed() {
        return plain.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        return plain.getInetAddress();
    }

    @Override
    public int getPort() {
        return plain.getPort();
    }

    /** Sends the kept records, which may be an alert, and closes. */
    @Override
    public synchronized void close() throws IOException {
        if (held != null && !plain.isClosed()) {
            plain.getOutputStream().write(taken());
        }
        plain.close();
    }
}
