package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeStackUsageTest {

    private static final String[] GOOD = {"--provider", "com.acme.AcmeProvider"};

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--jars no-such-folder       | no-such-folder is missing: give a folder of jars, or a class path",
        "--jars pom.xml              | pom.xml is not a jar",
        "--jars src/test/java:x.jar  | x.jar is missing",
        "--jars                      | --jars",
        "--jars=                     | an entry is empty: give a folder of jars, or a class path",
        "--count 1                   | --count must be a whole number from 2, and more than --carriers, not '1'",
        "--count 4 --carriers 4      | --count must be a whole number from 2, and more than --carriers, not '4'",
        "--count ten                 | --count must be a whole number, not 'ten'",
        "--carriers 0                | --carriers must be a whole number from 1, not '0'",
        "--delay 0.01                | --delay must be a number of seconds from 0.1 to 3600",
        "--delay soon                | --delay must be a number of seconds such as 0.5, not 'soon'",
        "--timeout 1                 | --timeout must be a number of seconds, more than --delay and at most 86400,",
        "--timeout 86401             | more than --delay and at most 86400, not '86401'",
        "--java src                  | --java src is not a JDK: it has no bin/java",
        "--expect QUICK              | FAST, SLOW, PARTIAL, HUNG",
        "--format xml                | text, json, junit",
        "--json no-such-folder/r     | --json no-such-folder/r cannot be written: its folder is missing",
        "--report pom.xml            | --report pom.xml cannot be written: it is a file",
        "--jfr pom.xml               | --jfr pom.xml cannot be written: it is a file",
        "--colour                    | --colour",
    })
    void a_bad_option_is_refused_in_one_line(String args, String message) {
        assertRefused(message, Stream.concat(Stream.of(GOOD), Arrays.stream(args.split(" "))).toArray(String[]::new));
    }

    @Test
    void a_missing_provider_is_refused() {
        assertRefused("--provider is missing: without --jars no provider is listed as a service; give its class");
    }

    @Test
    void an_empty_folder_is_refused(@TempDir Path empty) {
        assertRefused("has neither jars nor classes", "--jars", empty.toString());
    }

    @Test
    void the_user_must_choose_one_of_several_providers(@TempDir Path classes) throws IOException {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.security.Provider"), "com.acme.Tls # ours\n\ncom.acme.Crypto\n");
        assertRefused("--jars lists several, com.acme.Crypto, com.acme.Tls; choose one", "--jars", classes.toString());
    }

    @Test
    void a_jdk_that_is_too_old_is_refused(@TempDir Path home) throws IOException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.5\"\n");
        assertRefused("is JDK 21: give 25 or later", GOOD[0], GOOD[1], "--java", home.toString());
    }

    private static void assertRefused(String message, String... args) {
        JudgeCommand.Result result = JudgeCommand.run(
                Stream.concat(Stream.of("stack"), Stream.of(args)).toArray());
        assertThat(result.err()).startsWith("judge: ").contains(message).hasLineCount(1)
                .endsWith("(see judge stack --help)\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
