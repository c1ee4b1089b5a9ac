package dev.cooperativetls.runstages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.runstages.RunStagesScript.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Types in what the READMEs of the server and of fetch show after a prompt, and compares what comes, numbers aside. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProgramReadmesIT {

    private static final Pattern SESSION = 
            Pattern.compile("```\n\\$ (?<command>.*?[^\\\\])\n(?<output>[^$].*?)```", Pattern.DOTALL);
    private static final Path SERVER_README = RunStagesScript.ROOT.resolve("common/tls-server/README.md");
    private static final Path FETCH_README = RunStagesScript.ROOT.resolve("common/fetch/README.md");

    private static Process server;
    private static final List<String> SERVER_OUTPUT = new ArrayList<>();
    private static String url;
    private static String caFile;

    @BeforeAll
    static void start_the_server_as_its_readme_does() throws IOException {
        server = RunStagesScript
                .shell(RunStagesScript.ROOT, "exec " + sessions(SERVER_README).getFirst().group("command"))
                .redirectErrorStream(true)
                .start();
        BufferedReader lines = server.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            SERVER_OUTPUT.add(line);
            if (line.startsWith("HTTPS")) {
                url = line.replaceAll("HTTPS *|/delay/1", "");
            } else if (line.startsWith("CA")) {
                caFile = line.replaceAll("CA *", "");
            } else if (line.startsWith("Press")) {
                break;
            }
        }
    }

    @AfterAll
    static void stop_the_server() throws InterruptedException {
        server.destroy();
        assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Path.of(caFile)).doesNotExist();
    }

    @Test
    void the_server_prints_what_its_readme_shows() throws IOException {
        assertThat(ReadmesIT.shape(String.join("\n", SERVER_OUTPUT)))
                .isEqualTo(ReadmesIT.shape(sessions(SERVER_README).getFirst().group("output")));
    }

    @Test
    void the_other_commands_print_what_the_readmes_show() throws Exception {
        List<MatchResult> sessions = new ArrayList<>(sessions(SERVER_README).subList(1, 3));
        sessions.addAll(sessions(FETCH_README));
        assertThat(sessions).extracting(session -> session.group("command").split(" ")[0])
                .containsExactly("curl", "java", "java");
        for (MatchResult session : sessions) {
            String command = session.group("command");
            Result result = RunStagesScript.bash(RunStagesScript.ROOT, here(command) + " || true");
            // What a terminal shows; curl's progress is shown on none.
            assertThat(ReadmesIT.shape(result.out().isEmpty() ? result.err() : result.out())).as(command)
                    .isEqualTo(ReadmesIT.shape(session.group("output")));
        }
    }

    /** With the running server's addresses in place of those of the day on which the README was written. */
    private static String here(String command) {
        return "CA=%s; ".formatted(caFile) + command
                .replaceAll("https://localhost:\\d+", url)
                .replaceAll("--cacert \\S+", "--cacert " + caFile)
                .replaceAll("--https-port \\d+", "--https-port " + url.replaceAll(".*:", ""));
    }

    private static List<MatchResult> sessions(Path readme) throws IOException {
        return SESSION.matcher(Files.readString(readme)).results().toList();
    }
}
