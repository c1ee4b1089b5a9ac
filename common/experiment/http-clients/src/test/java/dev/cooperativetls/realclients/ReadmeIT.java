package dev.cooperativetls.realclients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.server.TlsServer;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Types in what the README shows after a prompt, and compares what comes, numbers aside. With
 * {@code -Dreadmes.update=true} what comes is written into the README instead.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReadmeIT {

    private static final Pattern SESSION =
            Pattern.compile("```\n\\$ (?<command>.*?[^\\\\])\n(?<output>.*?)```", Pattern.DOTALL);
    private static final Path README = Path.of("README.md");

    @Test
    void what_the_readme_shows_is_what_its_commands_print() throws Exception {
        List<MatchResult> sessions = SESSION.matcher(Files.readString(README)).results().toList();
        assertThat(sessions).hasSize(2);
        try (TlsServer server = TlsServer.start()) {
            for (MatchResult session : sessions) {
                String command = session.group("command")
                        .replaceAll("https://localhost:\\d+", server.httpsUrl().toString());
                String output = typedIn(command, server.caFile());
                if (Boolean.getBoolean("readmes.update")) {
                    Files.writeString(README, Files.readString(README).replace(
                            session.group(), "```\n$ " + command + "\n" + output + "```"));
                } else {
                    assertThat(shape(output)).as(command).isEqualTo(shape(session.group("output")));
                }
            }
        }
    }

    /** In the repository's root, with the {@code java} that runs this test. */
    private static String typedIn(String command, Path caFile) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-ec", command)
                .directory(new File("../../.."))
                .redirectError(Redirect.INHERIT);
        shell.environment().put("CA", caFile.toString());
        shell.environment().merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
                (path, java) -> java + File.pathSeparator + path);
        Process process = shell.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Numbers aside. In what order the pages come in is left to chance. */
    private static List<String> shape(String output) {
        return output.lines().map(line -> line.replaceAll("\\d+([.,:-]\\d+)*(E-?\\d+)?", "#")).sorted().toList();
    }
}
