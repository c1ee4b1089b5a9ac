package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--stage 5                              | --stage must be one of 0, 1, 2, 3, 4",
            "--stage 0,x                            | --stage must be one of 0, 1, 2, 3, 4",
            "--stage ''                             | --stage must be one of 0, 1, 2, 3, 4",
            "--stage 2 --read-call read-into        | stage-02 is not run with read call readInto",
            "--read-call recv                       | --read-call",
            "--count 0                              | --count",
            "--count ten                            | --count must be a whole number, not 'ten'",
            "--count 99999999999                    | --count must be a smaller number, not '99999999999'",
            "--count 1                              | --count must be a whole number from 2",
            "--count 4 --carriers 4                 | give more pages",
            "--jobs 0                               | --jobs must be a whole number from 1",
            "--jobs ''                              | --jobs must be a whole number, not ''",
            "--jobs 2 --log-level DEBUG             | leave out --jobs",
            "--jobs 2 --url http://localhost:1      | leave out --jobs or --url",
            "--carriers 0                           | --carriers",
            "--carriers 1.5                         | --carriers must be a whole number, not '1.5'",
            "--delay -1                             | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 0                              | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 0.09                           | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 3600.1                         | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 1e-7                           | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 1e-400                         | --delay must be a number of seconds from 0.1 to 3600",
            "--delay 0.12345678901                  | with at most 9 decimals, not '0.12345678901'",
            "--delay soon                           | --delay must be a number of seconds such as 0.5, not 'soon'",
            "--delay 0,5                            | --delay must be a number of seconds such as 0.5, not '0,5'",
            "--proto ftp                            | --proto",
            "--patch maybe                          | --patch",
            "--stage 3 --patch on                   | --patch is for a stage that has a patch: [stage-04]",
            "--url http://localhost:1 --delay 2     | leave out --proto and --delay",
            "--json no-such-folder/results.json     | results.json cannot be written: its folder is missing",
            "--json pom.xml/results.json            | pom.xml/results.json cannot be written: its folder is a file",
            "--json .                               | --json . cannot be written: it is a folder",
            "--report no-such-folder/report         | report cannot be written: its folder is missing",
            "--report pom.xml                       | --report pom.xml cannot be written: it is a file",
            "--report pom.xml/report                | pom.xml/report cannot be written: its folder is a file",
            "--render no-such-file                  | --render no-such-file cannot be read: it is missing",
            "--render pom.xml                       | contains no results",
            "--render .                             | --render . cannot be read: it is a folder",
            "--render target/classes/dev/cooperativetls/frontdoor/stages/RunStages.class | contains no results",
            "--compare pom.xml                      | --compare pom.xml contains no results",
            "--compare no-such-file                 | --compare no-such-file cannot be read: it is missing",
            "--render pom.xml --stage 3 --profile   | leave out --stage, --profile",
            "--profile-stats-count 5                | --profile-stats-count is for --profile",
            "--profile --profile-stats-count 0      | must be a whole number from 1",
            "--profile --profile-stats-count x      | --profile-stats-count must be a whole number, not 'x'",
            "--trace=no-such-folder/trace.txt       | trace.txt cannot be written: its folder is missing",
            "--trace=src                            | --trace src cannot be written: it is a folder",
            "--stage 3 --jfr run.jfr                | choose one with --stage and --read-call",
            "--stage 2 --jfr no-such-folder/run.jfr | run.jfr cannot be written: its folder is missing",
            "--no-such-option                       | Unknown option",
    })
    void bad_usage_gets_one_line_and_exit_code_2(String arguments, String problem) {
        System.setProperty("cooperativetls.root", RunStagesScript.ROOT.toString());
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(RunStages.run(arguments.replace("''", "").split(" ", -1))).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).singleElement().asString().contains(problem);
    }
}
