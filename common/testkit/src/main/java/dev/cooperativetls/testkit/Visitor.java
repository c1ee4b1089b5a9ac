package dev.cooperativetls.testkit;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that requests {@link FaultyPages} in one mode. It throws an {@link AssertionError} if a page ends wrong. */
final class Visitor {

    /** A timeout that is longer than any page, even on a busy machine. */
    private static final int PATIENT_MILLIS = 60_000;
    private static final int IMPATIENT_MILLIS = 20;

    /** More bytes than a send buffer and the server's receive buffer can store. */
    private static final byte[] MUCH = new byte[4_000_000];

    private static final int FAULTY_LENGTH = 3_000;
    private static final Certificate NOT_THE_SERVERS = new Certificate();

    private final SocketMode mode;
    private final FaultyPages pages;
    private final SSLContext context;
    private final SSLContext untrusting;

    Visitor(WrapperForm form, SocketMode mode, FaultyPages pages) throws Exception {
        this.mode = mode;
        this.pages = pages;
        this.context = form.context(mode, Peer.CERTIFICATE);
        this.untrusting = form.context(mode, NOT_THE_SERVERS);
    }

    SocketMode mode() {
        return mode;
    }

    /** Reads the pages of these lengths on one connection. */
    void read(List<Integer> lengths) throws IOException {
        try (SSLSocket socket = socket(null)) {
            for (int length : lengths) {
                ask(socket, length, FaultyPages.NO_FAULT);
                receive(socket, length);
            }
        }
    }

    /** Requests a page with this fault, and checks how it ends. */
    void meet(Fault fault) {
        IOException failure = null;
        try (SSLSocket socket = socket(fault)) {
            int port = socket.getLocalPort();
            try {
                meet(fault, socket);
            } catch (IOException e) {
                failure = e;
            } finally {
                if (fault == Fault.STUCK) {
                    pages.release(port);
                }
            }
        } catch (IOException e) {
            if (failure != null) {
                throw new AssertionError("a close threw", e);
            }
            failure = e;
        }
        if (!fault.mustGive(failure)) {
            throw new AssertionError("%s on a page that is %s".formatted(failure, fault), failure);
        }
    }

    private void meet(Fault fault, SSLSocket socket) throws IOException {
        ask(socket, FAULTY_LENGTH, fault.ordinal());
        switch (fault) {
            case STALLED -> socket.setSoTimeout(IMPATIENT_MILLIS);
            case STUCK -> {
                socket.setSoTimeout(IMPATIENT_MILLIS);
                socket.getOutputStream().write(MUCH);
            }
            default -> {}
        }
        Thread reader = Thread.currentThread();
        Thread other = Thread.ofPlatform().daemon().name("another").unstarted(switch (fault) {
            case CLOSED_BY_ANOTHER_THREAD -> () -> close(socket);
            case INTERRUPTED -> reader::interrupt;
            default -> () -> {};
        });
        try {
            if (fault == Fault.CLOSED_BY_ANOTHER_THREAD || fault == Fault.INTERRUPTED) {
                other.start();
            }
            receive(socket, FAULTY_LENGTH);
        } finally {
            end(other);
        }
    }

    /** Returns a connected socket after its handshake, unless the fault prevents that. */
    private SSLSocket socket(Fault fault) throws IOException {
        SSLSocket socket = (SSLSocket) (fault == Fault.UNTRUSTED ? untrusting : context)
                .getSocketFactory().createSocket();
        try {
            socket.setTcpNoDelay(true);
            socket.setEnabledProtocols(new String[] {mode.protocol()});
            socket.setSoTimeout(fault == Fault.SILENT_IN_HANDSHAKE ? IMPATIENT_MILLIS : PATIENT_MILLIS);
            if (fault == Fault.STUCK) {
                socket.setSendBufferSize(1 << 14);
            }
            if (fault == Fault.WRONG_HOST) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.connect(switch (fault) {
                case UNKNOWN_HOST -> InetSocketAddress.createUnresolved("no.such.example", 1);
                case WRONG_HOST -> new InetSocketAddress("127.0.0.1", pages.port(fault));
                case null, default -> new InetSocketAddress("localhost", pages.port(fault));
            });
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    private static void close(SSLSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("a close threw", e);
        }
    }

    private static void ask(SSLSocket socket, int length, int fault) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.writeInt(length);
        out.writeByte(fault);
        out.flush();
    }

    private static void receive(SSLSocket socket, int length) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] got = new byte[length];
        for (int at = 0; at < length;) {
            int count = in.read(got, at, length - at);
            if (count <= 0) {
                throw new AssertionError("%s of %s bytes, then %s".formatted(at, length, count));
            }
            at += count;
        }
        if (!Arrays.equals(got, FaultyPages.body(length))) {
            throw new AssertionError("wrong bytes in the page of length " + length);
        }
    }

    /** Waits for the end of the thread, and clears the interrupt that it may have sent. */
    private static void end(Thread other) {
        while (other.isAlive()) {
            try {
                other.join();
            } catch (InterruptedException _) {
                // The other thread has sent this interrupt.
            }
        }
        Thread.interrupted();
    }
}
