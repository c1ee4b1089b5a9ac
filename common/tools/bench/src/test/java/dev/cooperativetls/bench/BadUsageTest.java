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
            --json no/such/file | --json takes a file in a folder that is there, not 'no/such/file'
            --picture .         | --picture takes a file
            calls --only hub    | --only
            calls --forks 0     | --forks and --iterations take a number from 1
            """)
    void is_told_in_a_line_with_exit_code_2(String arguments, String message) {
        PrintStream err = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true));
        try {
            assertThat(Bench.run(arguments.split(" "))).isEqualTo(2);
        } finally {
            System.setErr(err);
        }
        assertThat(told.toString()).startsWith("bench: ").contains(message).hasLineCount(1);
    }
}
