package dev.cooperativetls.realclients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            --client okhttp --url http://localhost:1/ --ca-file ca.pem, https URL
            --client okhttp --url https://localhost:1/ --ca-file ca.pem --url-count 0, from 1
            --client okhttp --url https://localhost:1/ --ca-file ca.pem --carriers 0, from 1
            --client curl --url https://localhost:1/ --ca-file ca.pem, okhttp
            --client okhttp --url https://localhost:1/, --ca-file
            """)
    void bad_usage_ends_with_2_and_says_what_is_wanted(String arguments, String wanted) {
        var err = new StringWriter();
        assertThat(RealClients.run(new PrintWriter(err, true), arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("real-clients: ").contains(wanted);
    }
}
