package dev.cooperativetls.fetch;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.cooperativetls.server.TlsServer;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a fault of WireMock in one page of ten leaves the other pages valid. */
class WireMockFaultsTest {

    @AutoClose
    private static TlsServer server;

    @BeforeAll
    static void start_server() throws IOException {
        server = TlsServer.start();
    }

    @ParameterizedTest
    @CsvSource({
        "https, EMPTY_RESPONSE, empty response",
        "https, MALFORMED_RESPONSE_CHUNK, chunk",
        "https, RANDOM_DATA_THEN_CLOSE, Invalid protocol version",
        "https, CONNECTION_RESET_BY_PEER, reset",
        "http, EMPTY_RESPONSE, empty response",
        "http, MALFORMED_RESPONSE_CHUNK, chunk",
        "http, RANDOM_DATA_THEN_CLOSE, Invalid protocol version",
        "http, CONNECTION_RESET_BY_PEER, reset",
    })
    void a_fault_of_wiremock_makes_one_page_invalid(String scheme, Fault fault, String reason) {
        StubMapping stub = server.wireMock().stubFor(any(urlPathEqualTo("/delay/0"))
                .withQueryParam("page", equalTo("3")).atPriority(1).willReturn(aResponse().withFault(fault)));
        try {
            Run run = Run.of("--url", (scheme.equals("https") ? server.httpsUrl() : server.httpUrl()) + "/delay/0",
                    "--ca-file", server.caFile().toString(), "--timeout", "60");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("valid: 9\n", "invalid: 1\n").containsPattern("  page 3: .*" + reason);
        } finally {
            server.wireMock().removeStub(stub);
        }
    }
}
