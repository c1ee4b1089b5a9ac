package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JVM ends although sockets wait in it, whoever lies on its class path. */
class JvmExitTest {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private interface Answer {
        void to(Socket socket) throws Exception;
    }

    @ParameterizedTest
    @CsvSource({"by-system-exit, 3", "by-the-end-of-main, 0"})
    void a_jvm_ends_while_sockets_wait_in_every_state(String how, int exitCode) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(Peer.CERTIFICATE.keyManagers(), null, null);
        try (ServerSocket silent = server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), JvmExitTest::read);
                ServerSocket reading = server(secure(context), JvmExitTest::read);
                ServerSocket stalling = server(secure(context), socket -> {
                    ((SSLSocket) socket).startHandshake();
                    NEVER.await();
                })) {
            UserProcess run = UserProcess.run(UserProcess.FLAGS, "exit", how, "handshake:" + silent.getLocalPort(),
                    "read:" + reading.getLocalPort(), "write:" + stalling.getLocalPort());
            assertThat(run.output()).isEqualTo("all wait\n");
            assertThat(run.exitCode()).isEqualTo(exitCode);
        }
    }

    private static ServerSocket secure(SSLContext context) throws IOException {
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void read(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static ServerSocket server(ServerSocket server, Answer answer) {
        Thread.ofPlatform().daemon().name("server").start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofPlatform().daemon().start(() -> {
                        try (socket) {
                            answer.to(socket);
                        } catch (Exception _) {
                            // The client has gone, as it should.
                        }
                    });
                } catch (IOException _) {
                    return;
                }
            }
        });
        return server;
    }
}
