package dev.cooperativetls.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Runs many {@link Exchange}s concurrently and checks how each of them ends. An exchange must end with the right answer
 * or with a documented exception. If the bytes are only split and delayed, it must end with the right answer.
 */
final class Fuzz {

    /** An exchange that lasts longer hangs, even on a busy machine. */
    private static final long BOUND_SECONDS = 60;

    /** The server's read timeout if bytes may never arrive. */
    private static final int SERVER_PATIENCE_MILLIS = 400;

    private static final int AT_ONCE = 12;
    private static final int ENOUGH_FAILURES = 5;

    private final WrapperForm form;
    private final Map<SocketMode, SSLContext> contexts = new ConcurrentHashMap<>();
    /** Allows one polling virtual thread at a time. Such a thread blocks the carrier, so others would time out. */
    private final Semaphore polling = new Semaphore(1);

    private final Map<String, AtomicLong> ends = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong harmed = new AtomicLong();

    Fuzz(WrapperForm form) {
        this.form = form;
    }

    /** Runs the exchanges of these seeds. Returns descriptions of the wrong ones. */
    List<String> play(long firstSeed, long count) throws InterruptedException {
        long begin = System.nanoTime();
        AtomicLong next = new AtomicLong();
        try (var workers = Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().name("fuzz").factory())) {
            for (int i = 0; i < AT_ONCE; i++) {
                workers.execute(() -> {
                    for (long n; (n = next.getAndIncrement()) < count && failures.size() < ENOUGH_FAILURES;) {
                        play(Exchange.random(firstSeed + n, form));
                    }
                });
            }
        }
        double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3;
        long played = ends.values().stream().mapToLong(AtomicLong::get).sum();
        System.out.printf(Locale.ROOT,
                "%d connections from seed %d on, %d of them harmed: %s; longest %.1f s; %.0f a second%n",
                played, firstSeed, harmed.get(), new TreeMap<>(ends), longestNanos.get() / 1e9, played / seconds);
        return List.copyOf(failures);
    }

    private void play(Exchange exchange) {
        String end;
        boolean polls = form.blocksCarrier(exchange.mode());
        try {
            if (polls) {
                polling.acquire();
            }
            long begin = System.nanoTime();
            try {
                end = new Scene(exchange).end();
            } finally {
                if (polls) {
                    polling.release();
                }
            }
            long nanos = System.nanoTime() - begin;
            longestNanos.accumulateAndGet(nanos, Math::max);
        } catch (Exception | AssertionError e) {
            end = "WRONG";
            StringBuilder failure = new StringBuilder(exchange.toString());
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                failure.append("\n    ").append(cause);
                Arrays.stream(cause.getStackTrace()).limit(12)
                        .forEach(frame -> failure.append("\n        ").append(frame));
            }
            failures.add(failure.toString());
        }
        if (exchange.plan().harmful()) {
            harmed.incrementAndGet();
        }
        ends.computeIfAbsent(end, _ -> new AtomicLong()).incrementAndGet();
    }

    private SSLContext context(SocketMode mode) {
        return contexts.computeIfAbsent(mode, _ -> {
            try {
                return form.context(mode, Peer.CERTIFICATE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static boolean isNamed(IOException e) {
        return e instanceof SSLException || e instanceof SocketException || e instanceof SocketTimeoutException;
    }

    /** One running exchange. */
    private final class Scene {

        private final Exchange exchange;
        private final boolean harmful;
        private final CountDownLatch timedOut = new CountDownLatch(1);
        private volatile boolean serverSentCloseNotify;
        private volatile boolean clientEndedEarly;

        Scene(Exchange exchange) {
            this.exchange = exchange;
            this.harmful = exchange.plan().harmful();
        }

        /** Runs the exchange. Returns "right", "the server's early end" or the class of the client's exception. */
        String end() throws Exception {
            Relay relay = new Relay(exchange.plan());
            IOException failure;
            try (relay) {
                FutureTask<Void> server = new FutureTask<>(() -> {
                    serve(relay.server());
                    return null;
                });
                Thread.ofPlatform().daemon().name("server").start(server);
                var client = exchange.mode().start(() -> fetch(relay));
                failure = await("client", client.future(), client.thread());
                timedOut.countDown();
                try {
                    await("server", server, null);
                } catch (IOException e) {
                    if (!harmful && failure == null) {
                        throw e;
                    }
                }
            }
            if (failure == null) {
                if (clientEndedEarly || exchange.ending() == Exchange.Ending.SERVER_CLOSES) {
                    require(serverSentCloseNotify, "the client saw an end before the server's");
                    require(relay.passedTheServersEnd(), "the client saw a clean end, and the server's was harmed");
                }
                require(!clientEndedEarly || harmful, "an end in the middle");
                return clientEndedEarly ? "the server's early end" : "right";
            }
            if (!harmful || failure instanceof SocketTimeoutException && exchange.timeoutMillis() == 0) {
                throw failure;
            }
            return failure.getClass().getSimpleName();
        }

        private <T> T await(String who, FutureTask<T> future, Thread thread) throws Exception {
            try {
                return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                AssertionError hang = new AssertionError("the " + who + " hangs", e);
                if (thread != null) {
                    hang.setStackTrace(thread.getStackTrace());
                }
                throw hang;
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case Exception cause -> throw cause;
                    case AssertionError error -> throw error;
                    default -> throw e;
                }
            }
        }

        // The server

        /** Serves the client. After a failure the connection ends without close_notify, which is not a clean end. */
        private void serve(Socket plain) throws Exception {
            try (plain) {
                SSLSocket tls = JdkTlsServer.over(plain, exchange.mode().protocol());
                plain.setSoTimeout(harmful ? SERVER_PATIENCE_MILLIS : 0);
                tls.startHandshake();
                for (int round = 0; round < exchange.requests().size(); round++) {
                    byte[] request = exchange.requests().get(round);
                    byte[] got = tls.getInputStream().readNBytes(request.length);
                    require(Arrays.equals(got, 0, got.length, request, 0, got.length), "the server read wrong bytes");
                    if (got.length < request.length) {
                        serverSentCloseNotify = true; // in TLS 1.2 SunJSSE sends close_notify when the stream ends
                        throw new IOException("the client ended in round " + round);
                    }
                    if (round == exchange.stalledRound()) {
                        timedOut.await();
                    }
                    tls.getOutputStream().write(exchange.responses().get(round));
                }
                if (exchange.ending() == Exchange.Ending.SERVER_CLOSES) {
                    serverSentCloseNotify = true;
                    tls.close();
                } else {
                    require(tls.getInputStream().read() < 0, "the server read too much");
                }
            }
        }

        // The client

        /** Returns the failure; null if there is none. */
        private IOException fetch(Relay relay) throws Exception {
            SSLSocket socket = (SSLSocket) context(exchange.mode()).getSocketFactory().createSocket();
            try {
                converse(socket, relay);
                return null;
            } catch (IOException e) {
                require(isNamed(e), "not an exception that the Javadoc names", e);
                return e;
            } finally {
                close(socket);
            }
        }

        private static void close(SSLSocket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError("a close threw", e);
            }
        }

        private void converse(SSLSocket socket, Relay relay) throws IOException {
            if (exchange.smallSendBuffer()) {
                socket.setSendBufferSize(1 << 14);
            }
            socket.setTcpNoDelay(true);
            socket.connect(relay.address());
            if (harmful) {
                socket.setSoTimeout(exchange.timeoutMillis());
            }
            if (exchange.handshakeByItself() || !harmful) {
                startHandshake(socket);
            }
            for (int round = 0; round < exchange.requests().size(); round++) {
                write(socket.getOutputStream(), exchange.requests().get(round));
                if (!harmful) {
                    socket.setSoTimeout(exchange.timeoutMillis());
                }
                if (!read(socket, exchange.responses().get(round))) {
                    clientEndedEarly = true;
                    return;
                }
                if (!harmful) {
                    socket.setSoTimeout(0); // a write that timed out cannot be repeated
                }
            }
            switch (exchange.ending()) {
                case SERVER_CLOSES -> {
                    for (int i = 0; i < 2; i++) {
                        require(receive(socket, new byte[1], 0) < 0, "more than was sent");
                    }
                }
                case CLIENT_CLOSES -> {}
                case CLIENT_SHUTS_ITS_OUTPUT_DOWN -> socket.shutdownOutput();
            }
        }

        private void startHandshake(SSLSocket socket) throws IOException {
            try {
                socket.startHandshake();
            } catch (IOException e) {
                staysFailed(socket, e);
                throw e;
            }
        }

        private void write(OutputStream out, byte[] bytes) throws IOException {
            for (int at = 0; at < bytes.length; at += exchange.writeAtMost()) {
                out.write(bytes, at, Math.min(exchange.writeAtMost(), bytes.length - at));
            }
        }

        /** Returns whether all was read before the end. */
        private boolean read(SSLSocket socket, byte[] expected) throws IOException {
            byte[] got = new byte[expected.length];
            for (int at = 0; at < got.length;) {
                int count = receive(socket, got, at);
                if (count < 0) {
                    return false;
                }
                require(count > 0, "a read returned no byte");
                require(Arrays.equals(got, at, at + count, expected, at, at + count), "the client read wrong bytes");
                at += count;
            }
            return true;
        }

        /** Reads. A read that timed out without a harmful fault is repeated, because no byte may be lost. */
        private int receive(SSLSocket socket, byte[] bytes, int at) throws IOException {
            InputStream in = socket.getInputStream();
            while (true) {
                try {
                    if (exchange.readAtMost() > 1) {
                        return in.read(bytes, at, Math.min(exchange.readAtMost(), bytes.length - at));
                    }
                    int one = in.read();
                    bytes[at] = (byte) one;
                    return one < 0 ? -1 : 1;
                } catch (SocketTimeoutException e) {
                    timedOut.countDown();
                    if (harmful || exchange.timeoutMillis() == 0) {
                        throw e;
                    }
                } catch (IOException e) {
                    staysFailed(socket, e);
                    throw e;
                }
            }
        }

        /** Checks that no read after a failure returns data or the end. */
        private void staysFailed(SSLSocket socket, IOException failure) {
            try {
                int count = socket.getInputStream().read(new byte[100]);
                throw new AssertionError("a read after a failure returned " + count, failure);
            } catch (IOException e) {
                require(isNamed(e), "not an exception that the Javadoc names", e);
            }
        }
    }

    private static void require(boolean holds, String what, Throwable... causes) {
        if (!holds) {
            throw new AssertionError(what, Stream.of(causes).findFirst().orElse(null));
        }
    }
}
