package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pages 0           | --pages must be whole numbers from 1 to 28000
            --pages 10,x        | --pages must be a whole number, not 'x'
            --rounds 0          | --rounds and --jvms must be whole numbers from 1
            --rounds 1.5        | --rounds must be a whole number, not '1.5'
            --jvms 0            | --rounds and --jvms must be whole numbers from 1
            --delay 0           | --delay must be a number of seconds
            --delay 1e9         | --delay must be a number of seconds
            --delay 0.123456789123 | must be a number of seconds, more than 0 and at most 3600, with at most 9 decimals
            --delay 0,5         | --delay must be a number of seconds such as 0.5, not '0,5'
            --json no/such/file | --json no/such/file cannot be written: its folder is missing
            --picture .         | --picture . cannot be written: it is a folder
            calls --only hub    | --only
            calls --forks 0     | --forks and --iterations must be whole numbers from 1
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
