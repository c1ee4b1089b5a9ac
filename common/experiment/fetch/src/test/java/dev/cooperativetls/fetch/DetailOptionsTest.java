package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Jar;
import dev.cooperativetls.events.MethodTime;
import dev.cooperativetls.testkit.RawServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the options that show what runs, and where the time goes. */
class DetailOptionsTest {

    /** Linux's device that has no space. */
    private static final Path FULL_DISK = Path.of("/dev/full");

    @TempDir
    private Path folder;

    @Test
    void a_profile_shows_calls_and_times_of_each_method() throws IOException {
        assertThat(fetched("--profile-code").out())
                .containsPattern("\nEND\n\ntime in calls, .+\n"
                        + "calls +per call +longest +cumulative +of the run +method\n"
                        + " +3 +\\S+ m?s +\\S+ m?s +\\S+ m?s +\\d+ % +dev.cooperativetls.fetch.HttpClient5.get\n")
                .contains("org.apache.hc.client5.http.impl.classic.MainClientExec.execute");
    }

    @Test
    void a_profile_has_at_most_the_given_number_of_lines() throws IOException {
        List<String> lines = fetched("--profile-code", "--profile-stats-count", "2").out().lines()
                .dropWhile(line -> !line.startsWith("calls ")).skip(1).takeWhile(line -> !line.isEmpty()).toList();

        assertThat(lines).hasSize(2);
    }

    @Test
    void a_trace_shows_each_call_and_return_of_each_page() throws IOException {
        List<String> lines = fetched("--trace-calls").out().lines()
                .dropWhile(line -> !line.equals("END")).skip(2)
                .filter(line -> !line.contains("raw-answer")) // the server, which runs in this JVM
                .toList();

        assertThat(lines).allMatch(line -> line.matches(" *\\d+\\.\\d{4} s  page-[0-2] .+ (->|<-) .+"));
        assertThat(lines.stream().filter(line -> line.contains("->"))).hasSize(lines.size() / 2);
        assertThat(lines.stream().filter(line -> line.contains("-> HttpClient5.get"))).hasSize(3);
    }

    @Test
    void a_trace_is_written_to_the_given_file() throws IOException {
        Path file = folder.resolve("trace.txt");

        assertThat(fetched("--trace-calls=" + file).out()).endsWith("END\n");

        assertThat(file).content().contains("-> HttpClient5.get", "<- HttpClient5.get");
    }

    @Test
    void the_flight_recording_is_written_to_the_given_file() throws IOException {
        Path file = folder.resolve("run.jfr");

        assertThat(fetched("--jfr", file.toString()).out()).endsWith("END\n");

        assertThat(RecordingFile.readAllEvents(file)).extracting(event -> event.getEventType().getName())
                .contains("jdk.JVMInformation");
    }

    @Test
    void a_file_on_a_full_disk_is_reported_after_all_other_output() throws Exception {
        assumeTrue(Files.exists(FULL_DISK));
        try (var server = new RawServer(RawServer::valid)) {
            Run run = Run.of("--url", server.url(), "--url-count", "3", "--profile-code",
                    "--trace-calls=" + FULL_DISK, "--jfr", FULL_DISK.toString());

            assertThat(run.out()).contains("valid: 3", "END", "calls");
            assertThat(run.err().lines()).containsExactly(
                    "fetch: --trace-calls /dev/full was not written: No space left on device",
                    "fetch: --jfr /dev/full was not written: No space left on device");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void standard_output_on_a_full_disk_is_reported(boolean help) throws Exception {
        assumeTrue(Files.exists(FULL_DISK));
        try (var server = new RawServer(RawServer::valid)) {
            Process process = new ProcessBuilder(Run.command(List.of(), "--url", server.url(), "--url-count", "3",
                    help ? "--help" : "--json")).redirectOutput(FULL_DISK.toFile()).start();

            assertThat(process.errorReader().readAllAsString().lines())
                    .containsExactly("fetch: standard output could not be written");
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void in_json_profile_and_trace_are_events_after_the_end() throws IOException {
        Run run = fetched("--profile-code", "--trace-calls", "--json");

        assertThat(run.events().subList(4, 7)).hasExactlyElementsOfTypes(End.class, Event.Profile.class, Call.class);
        MethodTime get = run.events(Event.Profile.class).getFirst().methods().getFirst();
        assertThat(get.method()).isEqualTo(HttpClient5.class.getName() + ".get");
        assertThat(get.calls()).isEqualTo(3);
        assertThat(run.events(Call.class)).filteredOn(Call::method, get.method()).extracting(Call::thread)
                .containsExactlyInAnyOrder("page-0", "page-1", "page-2");
    }

    @Test
    void a_recording_without_a_file_is_deleted() throws Exception {
        try (var server = new RawServer(RawServer::valid)) {
            Process process = Run.process(List.of("-Djava.io.tmpdir=" + folder),
                    "--url", server.url(), "--url-count", "3", "--profile-code", "--trace-calls");

            assertThat(process.inputReader().readAllAsString()).contains("HttpClient5.get");
            assertThat(process.waitFor()).isZero();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void the_modules_are_the_jars_of_the_class_path_with_their_versions() throws IOException {
        String out = fetched("--modules").out();

        assertThat(out).startsWith("modules:\n").containsPattern("\n  picocli \\d+\\.\\d+\\.\\d+\n");
        assertThat(out.indexOf("picocli")).isLessThan(out.indexOf("START"));
        assertThat(fetched("--modules", "--json").start().jars()).extracting(Jar::name)
                .contains("picocli", "httpclient5");
    }

    @Test
    void the_class_path_includes_each_jar_of_a_manifest_once() throws IOException {
        jar("first-1.0.jar", "second.jar third-3.0-SNAPSHOT.jar missing-9.9.jar", null);
        jar("second.jar", "first-1.0.jar third-3.0-SNAPSHOT.jar", "2.0");
        jar("third-3.0-SNAPSHOT.jar", null, null);
        jar("stage-07.jar", null, null);

        assertThat(ClassPath.jars(
                folder.resolve("first-1.0.jar") + File.pathSeparator + folder.resolve("stage-07.jar")))
                .hasToString("[first 1.0, second 2.0, third 3.0-SNAPSHOT, stage-07]");
    }

    @Test
    void without_a_provider_on_the_class_path_both_ssl_contexts_are_the_jdks() throws IOException {
        assertThat(fetched("--ssl-context").out()).matches(
                "SSLContext: (SunJSSE \\S+ \\(JDK\\), sockets from \\S+)\n"
                        + "without what is on the class path: \\1\nSTART\n(.+\n)+");
    }

    @Test
    void the_socket_class_is_printed_on_request() throws IOException {
        assertThat(fetched("--socket-class").out()).contains("\nsocket class: java.net.Socket\n");
        assertThat(fetched("--socket-class", "--channel-sockets").out())
                .contains("\nsocket class: sun.nio.ch.SocketAdaptor\n");
        assertThat(fetched().out()).doesNotContain("socket class");
    }

    @Test
    void without_a_flight_recorder_the_pages_are_fetched_and_one_line_warns() throws Exception {
        try (var server = new RawServer(RawServer::valid)) {
            Process process = Run.process(List.of("-XX:-FlightRecorder"),
                    "--url", server.url(), "--url-count", "3", "--profile-code", "--trace-calls");

            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .contains("valid: 3", "END").doesNotContain("calls");
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8).lines())
                    .filteredOn(line -> line.startsWith("fetch: "))
                    .containsExactly("fetch: warning: no profile, no trace, no recording:"
                            + " the JVM's Flight Recorder is switched off (-XX:-FlightRecorder)");
            assertThat(process.waitFor()).isZero();
        }
    }

    private void jar(String name, String classPath, String version) throws IOException {
        var manifest = new Manifest();
        Attributes entries = manifest.getMainAttributes();
        entries.put(Name.MANIFEST_VERSION, "1.0");
        if (classPath != null) {
            entries.put(Name.CLASS_PATH, classPath);
        }
        if (version != null) {
            entries.put(Name.IMPLEMENTATION_VERSION, version);
        }
        new JarOutputStream(Files.newOutputStream(folder.resolve(name)), manifest).close();
    }

    /** Fetches three pages. */
    private static Run fetched(String... options) throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = Run.of(Stream.concat(Stream.of("--url", server.url(), "--url-count", "3"), Stream.of(options))
                    .toArray(String[]::new));
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            return run;
        }
    }
}
