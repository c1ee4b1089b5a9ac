package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadUsageTest {

    private static final String URL = "http://localhost:1/";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "                                       | --url",
        "--url http://localhost:1/ --colour     | --colour",
        "--url http://localhost:1/ page         | page",
        "--url                                  | --url",
        "--url-count 0                          | --url-count must be a number from 1",
        "--url-count -3                         | --url-count must be a number from 1",
        "--url-count 65536                      | --url-count must be a number from 1 to 65535",
        "--url-count ten                        | --url-count must be a whole number, not 'ten'",
        "--url-count 99999999999                | --url-count must be a smaller number, not '99999999999'",
        "--timeout 0                            | --timeout must be a number of seconds",
        "--timeout -1                           | --timeout must be a number of seconds",
        "--timeout NaN                          | --timeout must be a number of seconds",
        "--timeout soon                         | --timeout must be a number of seconds",
        "--timeout 1e99999                      | --timeout must be a number of seconds",
        "--read-timeout soon                    | --read-timeout must be a number of seconds, more than 0",
        "--read-timeout 86401                   | must be a number of seconds, more than 0 and at most 86400",
        "--read-timeout                         | --read-timeout",
        "--carriers 0                           | --carriers must be a number from 1",
        "--carriers 32768                       | --carriers must be a number from 1 to 32767",
        "--carriers 1.5                         | --carriers must be a whole number, not '1.5'",
        "--threads green                        | VIRTUAL, PLATFORM",
        "--client no-such-client                | --client: no HTTP client 'no-such-client'",
        "--log-level LOUD                       | ERROR, WARN, INFO, DEBUG, TRACE",
        "--ca-file no-such-file.pem             | --ca-file no-such-file.pem cannot be read: it is missing",
        "--ca-file .                            | --ca-file . cannot be read: it is a folder",
        "--ca-file no-such-file.pem --insecure  | exclude each other",
        "--profile-stats-count 5                | --profile-stats-count is for --profile-code",
        "--profile-code --profile-stats-count 0 | --profile-stats-count must be a whole number from 1",
        "--profile-code --profile-stats-count x | --profile-stats-count must be a whole number, not 'x'",
        "--trace-calls=.                        | --trace-calls . cannot be written: it is a folder",
        "--trace-calls no-such-folder/trace.txt | trace.txt cannot be written: its folder is missing",
        "--json=no-such-folder/events.json      | events.json cannot be written: its folder is missing",
        "--jfr pom.xml/run.jfr                  | --jfr pom.xml/run.jfr cannot be written: its folder is a file",
        "--jfr                                  | --jfr",
    })
    void a_bad_option_is_refused_in_one_line(String args, String message) {
        boolean urlGiven = args == null || args.startsWith("--url ") || args.equals("--url");
        Stream<String> url = urlGiven ? Stream.of() : Stream.of("--url", URL);
        Stream<String> rest = args == null ? Stream.of() : Stream.of(args.split(" "));
        assertRefused(message, Stream.concat(url, rest).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "localhost", "localhost:8443", "/delay/1", "ftp://localhost/", "file:///etc/passwd", "https://",
        "http:///delay/1", "http://?a=b", "https:localhost", "http://local host/", "http://localhost:99999/",
        "http://localhost:0/",
        "http://localhost:port/", "http://me:secret@localhost/", "http://localhost/#top", "http://[::1/",
    })
    void a_url_that_cannot_be_fetched_is_refused(String url) {
        assertRefused("--url", "--url", url);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "not a certificate", "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
    })
    void a_ca_file_that_is_not_pem_certificates_is_refused(String content, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), content);
        assertRefused("contains no PEM certificates", "--url", URL, "--ca-file", file.toString());
    }

    @Test
    void help_and_version_are_not_errors() {
        assertThat(Run.of("--help")).satisfies(run -> {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).startsWith("Usage: fetch").contains("virtual, platform");
        });
        assertThat(Run.of("--version")).satisfies(run -> {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).startsWith("fetch ");
        });
    }

    private static void assertRefused(String message, String... args) {
        Run run = Run.of(args);
        assertThat(run.err()).startsWith("fetch: ").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
