package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of the end of a JVM: the JVM ends although its sockets wait. */
public abstract class JvmExitContract {

    @ParameterizedTest
    @CsvSource({"by-system-exit, 3", "by-the-end-of-main, 0"})
    void a_jvm_ends_while_sockets_wait_in_every_state(String how, int exitCode) throws Exception {
        var never = new CountDownLatch(1);
        try (var silent = new RawServer(JvmExitContract::read);
                var reading = new RawServer(plain -> read(JdkTlsServer.over(plain)));
                var stalling = new RawServer(plain -> {
                    JdkTlsServer.over(plain).startHandshake();
                    never.await();
                })) {
            UserProcess run = UserProcess.run(UserProcess.FLAGS, "exit", how, "handshake:" + silent.port(),
                    "read:" + reading.port(), "write:" + stalling.port());
            assertThat(run.output()).isEqualTo("all wait\n");
            assertThat(run.exitCode()).isEqualTo(exitCode);
        }
    }

    private static void read(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
}
