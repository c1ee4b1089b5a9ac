package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.testkit.ReadmePart;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the commands that the READMEs of the programs show after a prompt, and compares the outputs without their
 * numbers. With {@code -Dreadmes.update=true} the outputs are written into the READMEs instead.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("long")
class ProgramReadmesIT {

    private static final Pattern SESSION =
            Pattern.compile("```\n\\$ (?<command>.*?[^\\\\])\n(?<output>[^$].*?)```", Pattern.DOTALL);
    private static final Path SERVER_README = RunStagesScript.ROOT.resolve("common/experiment/tls-server/README.md");

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
        compare(SERVER_README, sessions(SERVER_README).getFirst(), String.join("\n", SERVER_OUTPUT) + "\n");
    }

    @Test
    void the_servers_other_commands_print_what_its_readme_shows() throws Exception {
        List<MatchResult> sessions = sessions(SERVER_README).subList(1, 3);
        assertThat(sessions).extracting(session -> session.group("command").split(" ")[0])
                .containsExactly("curl", "java");
        for (MatchResult session : sessions) {
            compare(SERVER_README, session, typedIn(session));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch", "http-clients"})
    void fetch_prints_what_the_readme_shows(String module) throws Exception {
        String folder = "common/experiment/" + module;
        Path readme = RunStagesScript.ROOT.resolve(folder + "/README.md");
        List<MatchResult> sessions = sessions(readme);
        assertThat(sessions).isNotEmpty().extracting(session -> session.group("command")).allMatch(command ->
                command.startsWith("java -cp '%s/target/%s.jar:%s/target/lib/*'".formatted(folder, module, folder)));
        for (MatchResult session : sessions) {
            compare(readme, session, typedIn(session));
        }
    }

    @Test
    void judge_prints_what_its_readme_shows() throws Exception {
        Path readme = RunStagesScript.ROOT.resolve("common/tools/front-door/README.md");
        List<MatchResult> sessions = sessions(readme);
        assertThat(sessions).hasSize(3).extracting(session -> session.group("command"))
                .allMatch(command -> command.contains("./judge "));
        for (MatchResult session : sessions) {
            compare(readme, session, typedIn(session));
        }
    }

    /** Returns the output that a terminal shows, without the progress of curl. */
    private static String typedIn(MatchResult session) throws IOException, InterruptedException {
        Result result = RunStagesScript.bash(RunStagesScript.ROOT,
                "CA=%s; ".formatted(caFile) + here(session.group("command")) + " || true");
        return result.out().isEmpty() ? result.err() : result.out();
    }

    private static void compare(Path readme, MatchResult session, String output) throws IOException {
        if (ReadmePart.UPDATE) {
            String lastLineEnd = output.endsWith("\n") ? "" : "\n"; // the output of curl has no line end
            String now = "```\n$ " + here(session.group("command")) + "\n" + output + lastLineEnd + "```";
            Files.writeString(readme, ReadmePart.dated(Files.readString(readme).replace(session.group(), now)));
        } else {
            ReadmesIT.assertSame(output, session.group("output"));
        }
    }

    /** Returns the command with the addresses of the running server instead of those in the README. */
    private static String here(String command) {
        return command
                .replaceAll("https://localhost:\\d+", url)
                .replaceAll("--cacert \\S+", "--cacert " + caFile)
                .replaceAll("--https-port \\d+", "--https-port " + url.replaceAll(".*:", ""));
    }

    private static List<MatchResult> sessions(Path readme) throws IOException {
        return SESSION.matcher(Files.readString(readme)).results().toList();
    }
}
