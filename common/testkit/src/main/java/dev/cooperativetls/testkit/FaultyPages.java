package dev.cooperativetls.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;

/**
 * A server on loopback with pages of every length and with every {@link Fault}. A request consists of the length and
 * the fault's number, and a connection can have any number of requests. The server delays each page by less than a
 * second, and the same page by the same time. A fault before the first request has its own port. Each connection has a
 * platform thread.
 */
final class FaultyPages implements AutoCloseable {

    /** The number that means no fault. */
    static final int NO_FAULT = -1;

    private static final int SLOWEST_MILLIS = 1_000;

    private final Map<Fault, RawServer> servers = new EnumMap<>(Fault.class);
    private final RawServer server;
    private final Socket refusing = new Socket();
    private final Map<Integer, CountDownLatch> stuck = new ConcurrentHashMap<>();

    FaultyPages() throws IOException {
        server = new RawServer(this::serve);
        for (Fault fault : new Fault[] {
            Fault.CLOSED_IN_HANDSHAKE, Fault.RESET_IN_HANDSHAKE, Fault.GARBAGE, Fault.SILENT_IN_HANDSHAKE}) {
            servers.put(fault, new RawServer(plain -> serve(plain, fault)));
        }
        // Bound, so that no socket listens on the port. If the port were free, the client might connect to itself.
        refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Returns the body of the page with this length. */
    static byte[] body(int length) {
        byte[] body = new byte[length];
        new SplittableRandom(length).nextBytes(body);
        return body;
    }

    /** Returns the port for pages with this fault; null means no fault. */
    int port(Fault fault) {
        if (fault == Fault.REFUSED) {
            return refusing.getLocalPort();
        }
        return (fault == null ? server : servers.getOrDefault(fault, server)).port();
    }

    /** Lets the {@link Fault#STUCK} connection with the client on this port end. */
    void release(int port) {
        latch(port).countDown();
    }

    private CountDownLatch latch(int port) {
        return stuck.computeIfAbsent(port, _ -> new CountDownLatch(1));
    }

    private static void serve(Socket plain, Fault fault) throws IOException {
        try (plain) {
            plain.getInputStream().read(new byte[1 << 14]);
            fail(fault, plain);
        }
    }

    private static void fail(Fault fault, Socket plain) throws IOException {
        switch (fault) {
            case RESET_IN_HANDSHAKE -> {
                RawServer.reset(plain);
                return;
            }
            case CLOSED_IN_HANDSHAKE -> plain.shutdownOutput();
            case GARBAGE -> plain.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            default -> {}
        }
        untilClosed(plain);
    }

    @SuppressWarnings("try") // the TLS socket is no resource: it must send close_notify only after correct pages
    private void serve(Socket plain) throws IOException, InterruptedException {
        plain.setTcpNoDelay(true);
        SSLSocket tls = JdkTlsServer.over(plain);
        DataInputStream in = new DataInputStream(tls.getInputStream());
        try (plain) {
            while (true) {
                byte[] body = body(in.readInt());
                int fault = in.readByte();
                Thread.sleep(body.length % SLOWEST_MILLIS);
                if (fault == NO_FAULT) {
                    tls.getOutputStream().write(body);
                } else {
                    fail(Fault.values()[fault], body, tls.getOutputStream(), plain);
                    return;
                }
            }
        } catch (EOFException _) {
            tls.close(); // the client has sent close_notify
        }
    }

    /** Sends half of the body, and then the fault. */
    private void fail(Fault fault, byte[] body, OutputStream out, Socket plain)
            throws IOException, InterruptedException {
        out.write(body, 0, body.length / 2);
        switch (fault) {
            case CUT_OFF -> plain.shutdownOutput();
            case RESET -> {
                RawServer.reset(plain);
                return;
            }
            case FORGED -> plain.getOutputStream().write(forgedRecord());
            case STUCK -> {
                latch(plain.getPort()).await();
                stuck.remove(plain.getPort());
            }
            default -> {} // the client or another thread ends the connection
        }
        untilClosed(plain);
    }

    /** Returns a record of application data that is not encrypted with the connection's keys. */
    private static byte[] forgedRecord() {
        byte[] record = new byte[5 + 100];
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[4] = 100;
        return record;
    }

    private static void untilClosed(Socket plain) throws IOException {
        plain.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        refusing.close();
        server.close();
        servers.values().forEach(RawServer::close);
    }
}
