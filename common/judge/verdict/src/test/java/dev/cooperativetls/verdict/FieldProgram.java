package dev.cooperativetls.verdict;

import dev.cooperativetls.verdict.BlockingProgram.Native;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.conscrypt.OpenSSLProvider;
import org.sqlite.Function;

/**
 * A program for the judge to observe, like programs in bug reports, with real libraries and servers. It runs ten
 * virtual threads on one carrier.
 *
 * <p>Arguments: the case; the port of its server and the file of its CA, if it has them.
 */
final class FieldProgram {

    /** What the program does. */
    enum Case {
        /** The threads read answers that begin late, end late, or take no time, as the server decides. */
        READS_A_PLAIN_SOCKET, READS_A_PLAIN_SOCKET_AT_INTERVALS, READS_BY_HTTP_URL_CONNECTION,
        /** The threads report their requests as sent, then park, and then block the carrier. */
        SAYS_SENT_BEFORE_A_SLEEP, SAYS_SENT_BEFORE_A_POOL,
        /** A native library calls back into Java code, which parks. */
        PARKS_IN_A_FUNCTION_OF_SQLITE, PARKS_IN_A_TRUST_MANAGER_OF_CONSCRYPT,
        COMPUTES_IN_SQLITE,
        /** The threads queue for a pool with one connection, and compute a little. */
        QUEUES_FOR_A_POOL_OF_ONE
    }

    private static final int PAGES = 10;
    private static final Duration WAIT = Duration.ofMillis(400);

    private final Events events;
    private long start;

    private FieldProgram(Events events) {
        this.events = events;
    }

    /** The times of a page, in seconds since the start. */
    private final class Marks {

        private Double sent;
        private Double firstByte;

        void sent() {
            sent = now();
        }

        void firstByte() {
            firstByte = now();
        }
    }

    private interface Body {
        void run(int page, Marks marks) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "1");
        var program = new FieldProgram(Events.of(args));
        Body body = body(Case.valueOf(args[0]), args);
        program.pages(body);
        System.exit(0);
    }

    private static Body body(Case what, String[] args) throws Exception {
        return switch (what) {
            case READS_A_PLAIN_SOCKET -> plainSocket(args, Duration.ZERO);
            case READS_A_PLAIN_SOCKET_AT_INTERVALS -> plainSocket(args, Duration.ofMillis(50));
            case READS_BY_HTTP_URL_CONNECTION -> httpUrlConnection(args);
            case SAYS_SENT_BEFORE_A_SLEEP -> {
                Native.poll(Duration.ZERO); // links the function
                yield (_, marks) -> {
                    marks.sent();
                    Thread.sleep(20);
                    Native.poll(WAIT);
                    marks.firstByte();
                };
            }
            case SAYS_SENT_BEFORE_A_POOL -> {
                long rows = rowsPerWait();
                var pool = new ArrayBlockingQueue<Connection>(PAGES);
                yield (_, marks) -> {
                    marks.sent();
                    Thread.ofPlatform().start(() -> pool.add(open()));
                    count(pool.take(), rows);
                    marks.firstByte();
                };
            }
            case COMPUTES_IN_SQLITE -> {
                long rows = rowsPerWait();
                yield (_, marks) -> {
                    marks.sent();
                    count(open(), rows);
                    marks.firstByte();
                };
            }
            case PARKS_IN_A_FUNCTION_OF_SQLITE -> {
                List<Connection> all = IntStream.range(0, PAGES).mapToObj(_ -> open()).toList();
                for (Connection connection : all) {
                    Function.create(connection, "slow", new Slow());
                }
                yield (page, marks) -> {
                    marks.sent();
                    query(all.get(page), "select slow()");
                    marks.firstByte();
                };
            }
            case PARKS_IN_A_TRUST_MANAGER_OF_CONSCRYPT -> conscrypt(args);
            case QUEUES_FOR_A_POOL_OF_ONE -> {
                var pool = new Semaphore(1);
                yield (_, marks) -> {
                    pool.acquire();
                    BlockingProgram.spin(Duration.ofMillis(60)); // like a handshake
                    marks.sent();
                    Thread.sleep(200);
                    marks.firstByte();
                    pool.release();
                };
            }
        };
    }

    private static Body plainSocket(String[] args, Duration interval) {
        int port = Integer.parseInt(args[1]);
        return (page, marks) -> {
            Thread.sleep(interval.multipliedBy(page));
            try (var socket = new Socket("127.0.0.1", port)) {
                marks.sent();
                socket.getOutputStream().write('?');
                InputStream in = socket.getInputStream();
                in.read();
                marks.firstByte();
                in.readAllBytes();
            }
        };
    }

    private static Body httpUrlConnection(String[] args) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trusting(args[2]), null);
        return (page, marks) -> {
            var connection = (HttpsURLConnection) URI.create(
                    "https://localhost:%s/?page=%s".formatted(args[1], page)).toURL().openConnection();
            connection.setSSLSocketFactory(tls.getSocketFactory());
            connection.connect();
            marks.sent();
            try (InputStream in = connection.getInputStream()) {
                marks.firstByte();
                in.readAllBytes();
            }
        };
    }

    private static TrustManager[] trusting(String caFile) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = new FileInputStream(caFile)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Returns a page over Conscrypt, whose handshake calls the trust manager from native code. */
    private static Body conscrypt(String[] args) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS", new OpenSSLProvider());
        tls.init(null, new TrustManager[] {new Asking()}, null);
        return (page, marks) -> {
            try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", Integer.parseInt(args[1]))) {
                socket.startHandshake();
                marks.sent();
                socket.getOutputStream().write("GET /?page=%s HTTP/1.1\r\n\r\n".formatted(page).getBytes());
                socket.getInputStream().read();
                marks.firstByte();
            }
        };
    }

    /** A trust manager that waits, as if it asked another program. */
    private static final class Asking implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            ask();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class Slow extends Function {

        @Override
        protected void xFunc() throws SQLException {
            ask();
            result(1);
        }
    }

    /** Sleeps, which pins the thread only below a native frame. */
    private static void ask() {
        try {
            Thread.sleep(WAIT);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Connection open() {
        try {
            return DriverManager.getConnection("jdbc:sqlite::memory:");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how far SQLite counts in the time of a wait. */
    private static long rowsPerWait() throws SQLException {
        count(open(), 100_000);
        long rows = 1_000_000;
        long begin = System.nanoTime();
        count(open(), rows);
        return rows * WAIT.toNanos() / (System.nanoTime() - begin);
    }

    private static void count(Connection connection, long rows) throws SQLException {
        query(connection, "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + rows
                + ") select count(*) from n");
    }

    private static void query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(sql).close();
        }
    }

    private void pages(Body body) throws InterruptedException {
        events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":%s,\"carriers\":1,\"jdk\":\"%s\"}",
                Instant.now(), PAGES, Runtime.version());
        start = System.nanoTime();
        List<Thread> pages = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            int page = i;
            pages.add(Thread.startVirtualThread(() -> page(page, body)));
        }
        for (Thread page : pages) {
            page.join();
        }
        events.print("{\"event\":\"end\",\"elapsedSeconds\":%.6f,\"timedOut\":false}", now());
    }

    private void page(int page, Body body) {
        double begin = now();
        var marks = new Marks();
        String problem = "null";
        try {
            body.run(page, marks);
        } catch (Exception | AssertionError e) {
            problem = '"' + e.toString().replace('"', '\'') + '"';
        }
        events.print("{\"event\":\"page\",\"page\":%s,\"status\":200,\"problem\":%s,\"start\":%.6f,\"sent\":%s,"
                + "\"firstByte\":%s,\"end\":%.6f}", page, problem, begin, marks.sent, marks.firstByte, now());
    }

    private double now() {
        return (System.nanoTime() - start) / 1e9;
    }
}
