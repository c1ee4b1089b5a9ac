package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pages 0           | --pages takes numbers from 1 to 28000
            --pages 10,x        | --pages
            --rounds 0          | --rounds and --jvms take a number from 1
            --jvms 0            | --rounds and --jvms take a number from 1
            --delay 0           | --delay takes seconds
            --delay 1e9         | --delay takes seconds
            --json no/such/file | --json takes a file in an existing folder, not 'no/such/file'
            --picture .         | --picture takes a file
            calls --only hub    | --only
            calls --forks 0     | --forks and --iterations take a number from 1
            """)
    void bad_usage_is_one_line_and_exit_code_2(String arguments, String message) {
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true));
        try {
            assertThat(Bench.run(arguments.split(" "))).isEqualTo(2);
        } finally {
            System.setErr(err);
        }
        assertThat(printed.toString()).startsWith("bench: ").contains(message).hasLineCount(1);
    }
}
