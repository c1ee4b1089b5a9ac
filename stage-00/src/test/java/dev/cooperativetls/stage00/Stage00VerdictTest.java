package dev.cooperativetls.stage00;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;

import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvn -P verdict-tests -pl stage-00 -am verify}
 *
 * <p>Without an alternative provider the program uses the JDK's sockets, which cooperate. But the write-up's stage 0 is
 * unpredictable, because it depends on the modules of the machine. One more jar can change the verdict.
 */
class Stage00VerdictTest {

    private static final String SUN_JSSE_SOCKET = "sun.security.ssl.SSLSocketImpl";

    private static Path stage;
    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage00VerdictTest.class);
        server = TlsServer.start();
    }

    @Test
    void read_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("read")))
                .isFast().hasServerPeak(10).hasSocketClass(SUN_JSSE_SOCKET).isBlockedByNobody();
    }

    /** The JDK's sockets have no such setting, so the option has no effect here. */
    @Test
    void read_into_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("readInto")))
                .isFast().hasServerPeak(10).hasSocketClass(SUN_JSSE_SOCKET).isBlockedByNobody();
    }

    @Test
    void plain_http_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("readInto").overHttp()))
                .isFast().hasServerPeak(10).hasSocketClass("sun.nio.ch.SocketAdaptor").isBlockedByNobody();
    }

    /** Runs one command twice. Between the runs the test copies a jar, and the jars that it needs, into the folder. */
    @Test
    void the_same_command_is_slow_with_another_jar_in_the_lib_folder(@TempDir Path lib) throws Exception {
        copy(stage.resolveSibling("lib"), lib);
        assertThat(observeLib(lib)).isFast().hasServerPeak(10).hasSocketClass(SUN_JSSE_SOCKET);

        copy(stage.resolveSibling("extra-jars"), lib);
        assertThat(observeLib(lib))
                .isSlow()
                .hasServerPeak(1)
                .hasSocketClass("dev.cooperativetls.altprovider.WrappedSocket")
                .isBlockedBy("dev.cooperativetls.altprovider.Poll.poll");
    }

    private static Observation observeLib(Path lib) throws IOException, InterruptedException {
        Observer program = Observer.ofClassPath(lib + "/*", "dev.cooperativetls.fetch.Fetch").jvmOptions(
                "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");
        return FetchRun.ofTenPages("readInto").observe(program, server);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> jars = Files.list(from)) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, to.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Observation observe(FetchRun run) throws IOException, InterruptedException {
        return run.observe(Observer.ofJar(stage), server);
    }
}
