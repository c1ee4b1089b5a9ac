package dev.cooperativetls.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A relay between a client and a server on loopback. It forwards each byte unchanged, except for the actions of its
 * {@link Plan}. Of TLS it parses only the headers of records. Its threads are platform threads.
 */
final class Relay implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket server;
    private final Plan plan;
    private final Socket towardsServer;
    private final Thread thread;

    private volatile Socket towardsClient;
    private volatile Pump toClient;

    Relay(Plan plan) throws IOException {
        this.plan = plan;
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            towardsServer = new Socket(once.getInetAddress(), once.getLocalPort());
            server = once.accept();
        }
        server.setTcpNoDelay(true);
        thread = Thread.ofPlatform().daemon().name("relay").start(this::run);
    }

    /** Returns the address for the client, which connects once. */
    InetSocketAddress address() {
        return new InetSocketAddress("localhost", listener.getLocalPort());
    }

    /** Returns the server's end of the connection. */
    Socket server() {
        return server;
    }

    private void run() {
        try (towardsServer; Socket client = listener.accept()) {
            towardsClient = client;
            listener.close();
            client.setTcpNoDelay(true);
            towardsServer.setTcpNoDelay(true);
            Pump toServer = new Pump(client, towardsServer, plan.toServer());
            toClient = new Pump(towardsServer, client, plan.toClient());
            toServer.other = toClient;
            toClient.other = toServer;
            Thread second = Thread.ofPlatform().daemon().name("relay").start(toServer);
            toClient.run();
            second.join();
        } catch (IOException | InterruptedException _) {
            // The relay was closed.
        }
    }

    /** Returns whether the server's last record reached the client unchanged; valid once the relay is closed. */
    boolean passedTheServersEnd() {
        Pump pump = toClient;
        return pump != null && !pump.dropped && !pump.lastRecordFlipped;
    }

    /** Resets the connections, so that none lingers. */
    @Override
    public void close() throws IOException {
        listener.close();
        reset(towardsServer);
        if (towardsClient != null) {
            reset(towardsClient);
        }
        server.close();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException _) {
            // The socket is already closed.
        }
    }

    private static final class Pump implements Runnable {

        private final Socket from;
        private final Socket to;
        private final Plan.Step[] steps;
        private Pump other;
        private int next;
        private int offset;
        private int recordAt;
        private int recordEnd;
        private volatile boolean dropping;
        private volatile boolean dropped;
        private volatile boolean lastRecordFlipped;

        Pump(Socket from, Socket to, java.util.List<Plan.Step> steps) {
            this.from = from;
            this.to = to;
            this.steps = steps.toArray(Plan.Step[]::new);
        }

        @Override
        public void run() {
            try {
                InputStream in = from.getInputStream();
                byte[] bytes = new byte[1 << 14];
                for (int count; (count = in.read(bytes)) > 0;) {
                    pass(bytes, count);
                }
                if (!to.isOutputShutdown()) {
                    to.shutdownOutput();
                }
            } catch (IOException _) { // one side has ended, so the other is reset
                reset(to);
                reset(from);
            }
        }

        private void pass(byte[] bytes, int count) throws IOException {
            OutputStream out = to.getOutputStream();
            int sent = 0;
            for (int i = 0; i < count && !dropping; i++, offset++) {
                see(bytes[i] & 0xff);
                for (; next < steps.length && steps[next].at() == offset; next++) {
                    out.write(bytes, sent, i - sent);
                    sent = i;
                    take(steps[next], bytes, i);
                    if (dropping) {
                        dropped = true;
                        return;
                    }
                }
            }
            if (dropping) {
                dropped = true;
            } else {
                out.write(bytes, sent, count - sent);
            }
        }

        /** Follows the records. A record has a type, a version, two bytes of length, and this number of bytes. */
        private void see(int value) {
            if (offset == recordEnd) {
                recordAt = offset;
                recordEnd = offset + 5;
                lastRecordFlipped = false;
            } else if (offset == recordAt + 3) {
                recordEnd += value << 8;
            } else if (offset == recordAt + 4) {
                recordEnd += value;
            }
        }

        private void take(Plan.Step step, byte[] bytes, int i) throws IOException {
            switch (step.act()) {
                case SPLIT -> {}
                case PAUSE -> {
                    long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(step.amount());
                    for (long left; (left = until - System.nanoTime()) > 0;) {
                        LockSupport.parkNanos(left);
                    }
                }
                case FLIP -> {
                    bytes[i] ^= (byte) (1 << step.amount());
                    // An engine may ignore the version of a record.
                    lastRecordFlipped |= offset != recordAt + 1 && offset != recordAt + 2;
                }
                case CUT -> {
                    dropping = true;
                    other.dropping = true;
                    to.shutdownOutput();
                    from.shutdownOutput();
                }
                case RESET -> {
                    dropping = true;
                    reset(to);
                    reset(from);
                }
                case HALF_CLOSE -> {
                    dropping = true;
                    to.shutdownOutput();
                }
                case STALL -> dropping = true;
            }
        }
    }
}
