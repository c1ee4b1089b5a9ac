package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.RawServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the program tells of itself when asked why it took so long. */
class InstrumentsTest {

    @TempDir
    private Path folder;

    @Test
    void a_profile_tells_how_often_each_call_was_made_and_how_long_it_took() throws IOException {
        assertThat(fetched("--profile-code").out())
                .containsPattern("\nEND\n\ntime in calls, .+\n"
                        + "calls +per call +longest +cumulative +of the run +method\n"
                        + " +3 +\\S+ m?s +\\S+ m?s +\\S+ m?s +\\d+ % +dev.cooperativetls.fetch.PageClient.get\n")
                .contains("org.apache.hc.client5.http.impl.classic.MainClientExec.execute")
                .contains("who held the carrier");
    }

    @Test
    void a_profile_is_cut_to_the_lines_asked_for() throws IOException {
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
        assertThat(lines.stream().filter(line -> line.contains("-> PageClient.get"))).hasSize(3);
    }

    @Test
    void a_trace_goes_to_a_file_if_one_is_given() throws IOException {
        Path file = folder.resolve("trace.txt");

        assertThat(fetched("--trace-calls=" + file).out()).endsWith("END\n");

        assertThat(file).content().contains("-> PageClient.get", "<- PageClient.get");
    }

    @Test
    void the_flight_recording_is_kept_if_a_file_is_given() throws IOException {
        Path file = folder.resolve("run.jfr");

        assertThat(fetched("--jfr", file.toString()).out()).endsWith("END\n");

        assertThat(file).isNotEmptyFile();
    }

    @Test
    void in_json_profile_and_trace_are_events_after_the_end() throws IOException {
        Run run = fetched("--profile-code", "--trace-calls", "--json");

        assertThat(run.events()).extracting(event -> event.get("event").asString()).startsWith("start", "page", "page",
                "page", "end", "profile", "call");
        JsonNode get = run.events("profile").getFirst().get("methods").get(0);
        assertThat(get.propertyNames())
                .containsExactlyInAnyOrder("method", "calls", "averageSeconds", "longestSeconds");
        assertThat(get.get("calls").asInt()).isEqualTo(3);
        assertThat(run.events("call").getFirst().propertyNames())
                .containsExactlyInAnyOrder("event", "start", "seconds", "thread", "level", "method");
    }

    @Test
    void the_modules_are_the_jars_of_the_class_path_with_their_versions() throws IOException {
        String out = fetched("--modules").out();

        assertThat(out).startsWith("modules:\n").containsPattern("\n  picocli \\d+\\.\\d+\\.\\d+\n");
        assertThat(out.indexOf("picocli")).isLessThan(out.indexOf("START"));
        assertThat(fetched("--modules", "--json").events().getFirst().get("jars"))
                .extracting(jar -> jar.get("name").asString()).contains("picocli", "httpclient5");
    }

    @Test
    void a_class_path_is_followed_into_the_manifests_of_its_jars_each_once() throws IOException {
        jar("first-1.0.jar", "second.jar third-3.0-SNAPSHOT.jar missing-9.9.jar", null);
        jar("second.jar", "first-1.0.jar third-3.0-SNAPSHOT.jar", "2.0");
        jar("third-3.0-SNAPSHOT.jar", null, null);
        jar("stage-07.jar", null, null);

        assertThat(ClassPath.jars(
                folder.resolve("first-1.0.jar") + File.pathSeparator + folder.resolve("stage-07.jar")))
                .hasToString("[first 1.0, second 2.0, third 3.0-SNAPSHOT, stage-07]");
    }

    @Test
    void without_a_provider_on_the_class_path_the_ssl_context_is_the_jdks_with_and_without_it() throws IOException {
        assertThat(fetched("--ssl-context").out()).matches(
                "SSLContext: (SunJSSE \\S+ \\(JDK\\), sockets from \\S+)\n"
                        + "without what is on the class path: \\1\nSTART\n(.+\n)+");
    }

    @Test
    void the_socket_class_is_told_if_asked_for() throws IOException {
        assertThat(fetched("--socket-class").out()).contains("\nsocket class: sun.nio.ch.SocketAdaptor\n");
        assertThat(fetched().out()).doesNotContain("socket class");
    }

    @Test
    void without_a_flight_recorder_the_pages_are_fetched_and_one_line_says_what_is_missing() throws Exception {
        try (var server = new RawServer(RawServer::valid)) {
            Process process = ProcessTest.start(List.of("-XX:-FlightRecorder"),
                    "--url", server.url(), "--url-count", "3", "--profile-code", "--trace-calls");

            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .contains("valid: 3", "END").doesNotContain("calls");
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8).lines())
                    .filteredOn(line -> line.startsWith("fetch: "))
                    .containsExactly("fetch: warning: no profile, no trace:"
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

    /** Three pages. */
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
