package dev.cooperativetls.httpclients;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.cooperativetls.altprovider.AltProvider;
import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.Tls;
import dev.cooperativetls.server.TlsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of each client in normal and faulty cases, with the alternative provider installed first. */
@Tag("long")
@ParameterizedClass
@EnumSource
class ScenariosTest {

    private static final String TEXT = "Nothing is lost on any way. ".repeat(1000);
    private static final byte[] TEN_MEGABYTES = new byte[10 * 1024 * 1024];

    @AutoClose
    private static TlsServer server;
    private static Tls tls;

    @Parameter
    private Setup setup;

    @BeforeAll
    static void start_server() throws Exception {
        Security.insertProviderAt(new AltProvider(), 1);
        new Random(10).nextBytes(TEN_MEGABYTES);
        server = TlsServer.start();
        tls = Tls.trusting(server.caFile());
        var wireMock = server.wireMock();
        wireMock.stubFor(any(urlEqualTo("/text")).willReturn(ok(TEXT)));
        wireMock.stubFor(get("/big").willReturn(aResponse().withBody(TEN_MEGABYTES)));
        // The stub accepts no other body, so the answer proves that the body arrived as it was sent.
        wireMock.stubFor(post("/echo").withRequestBody(binaryEqualTo(TEN_MEGABYTES))
                .willReturn(aResponse().withBody(TEN_MEGABYTES)));
        wireMock.stubFor(get("/chunked").willReturn(ok(TEXT)
                .withHeader("Transfer-Encoding", "chunked").withChunkedDribbleDelay(5, 20)));
        wireMock.stubFor(get("/gzip").withHeader("Accept-Encoding", containing("gzip"))
                .willReturn(aResponse().withHeader("Content-Encoding", "gzip").withBody(gzipped())));
        for (Fault fault : Fault.values()) {
            wireMock.stubFor(get("/" + fault).willReturn(aResponse().withFault(fault)));
        }
    }

    private static byte[] gzipped() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(TEXT.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static URI https(String path) {
        return server.httpsUrl().resolve(path);
    }

    private RecordedPage getText(Session session, URI uri) throws Exception {
        RecordedPage page = session.get(uri);
        assertThat(page.status).isEqualTo(200);
        assertThat(page.http).isEqualTo(setup.http());
        assertThat(page.body).asString(UTF_8).isEqualTo(TEXT);
        return page;
    }

    private static IOException failure(Session session, URI uri) {
        return assertThatExceptionOfType(IOException.class).isThrownBy(() -> session.get(uri)).actual();
    }

    /** Returns the steps that the client reports, from the given step to the response's head. */
    private static List<Step> reported(Session session, Step first) {
        var steps = new ArrayList<>(EnumSet.range(first, Step.FIRST_BYTE));
        steps.removeAll(session.client().unreported());
        return steps;
    }

    @Test
    void a_page_is_fetched_and_its_steps_are_reported() throws Exception {
        try (var session = setup.open(tls)) {
            RecordedPage page = getText(session, https("/text"));
            assertThat(page.steps).isEqualTo(reported(session, Step.CONNECT_START));
            if (page.steps.contains(Step.HANDSHAKEN)) {
                assertThat(page.tls).isEqualTo("TLSv1.3 TLS_AES_256_GCM_SHA384");
                assertThat(page.socket).hasToString("class dev.cooperativetls.altprovider.WrappedSocket");
            }
        }
    }

    @Test
    void a_page_over_plain_http_is_fetched() throws Exception {
        try (var session = setup.open(tls)) {
            RecordedPage page = session.get(server.httpUrl().resolve("/text"));
            assertThat(page.body).asString(UTF_8).isEqualTo(TEXT);
            assertThat(page.http).isEqualTo("http/1.1");
            assertThat(page.steps).isEqualTo(switch (session.client()) {
                case OkHttp _ -> List.of(Step.CONNECT_START, Step.CONNECTED, Step.SENT, Step.FIRST_BYTE);
                case UrlConnection _ -> List.of(Step.SENT, Step.FIRST_BYTE);
                default -> List.of(Step.FIRST_BYTE);
            });
        }
    }

    @Test
    void a_post_of_10_megabytes_is_echoed() throws Exception {
        try (var session = setup.open(tls)) {
            assertThat(session.exchange(https("/echo"), TEN_MEGABYTES)).isEqualTo(TEN_MEGABYTES);
        }
    }

    @Test
    void a_chunked_answer_is_complete() throws Exception {
        assertThat(server.httpUrl().resolve("/chunked").toURL().openConnection().getHeaderField("Transfer-Encoding"))
                .isEqualTo("chunked");
        try (var session = setup.open(tls)) {
            getText(session, https("/chunked"));
        }
    }

    @Test
    void a_gzipped_answer_is_complete() throws Exception {
        try (var session = setup.open(tls)) {
            assertThat(session.exchange(https("/gzip"), null)).asString(UTF_8).isEqualTo(TEXT);
        }
    }

    @Test
    void later_requests_use_the_kept_connection() throws Exception {
        try (var way = new PassThrough("localhost", server.httpsUrl()); var session = setup.open(tls)) {
            getText(session, way.uri("/text"));
            assertThat(getText(session, way.uri("/text")).steps).isEqualTo(reported(session, Step.SENT));
            // Before a POST, OkHttp checks with a read of one millisecond whether the connection is still open.
            assertThat(session.exchange(way.uri("/text"), new byte[1])).asString(UTF_8).isEqualTo(TEXT);
            assertThat(way.connections()).isEqualTo(1);
        }
    }

    /** The connection is cut without close_notify, and is used again immediately. */
    @Test
    void a_kept_connection_that_was_cut_is_replaced() throws Exception {
        try (var way = new PassThrough("localhost", server.httpsUrl()); var session = setup.open(tls)) {
            getText(session, way.uri("/text"));
            way.cut();
            try {
                getText(session, way.uri("/text"));
            } catch (IOException reported) {
                assertThat(setup.alwaysRepeats()).as("%s", reported).isFalse();
            }
            getText(session, way.uri("/text"));
            assertThat(way.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_of_the_server_is_an_io_exception_and_the_next_page_is_valid(Fault fault) throws Exception {
        try (var session = setup.open(tls)) {
            failure(session, https("/" + fault));
            getText(session, https("/text"));
        }
    }

    @Test
    void a_connection_that_is_cut_in_the_body_is_an_io_exception_and_the_next_page_is_valid() throws Exception {
        try (var way = new PassThrough("localhost", server.httpsUrl()); var session = setup.open(tls)) {
            way.cutAnswersAfter(500_000);
            failure(session, way.uri("/big"));
            way.cutAnswersAfter(Long.MAX_VALUE);
            getText(session, way.uri("/text"));
        }
    }

    @Test
    void a_plain_connection_that_is_cut_in_the_body_is_an_io_exception() throws Exception {
        try (var way = new PassThrough("localhost", server.httpUrl()); var session = setup.open(tls)) {
            way.cutAnswersAfter(500_000);
            failure(session, way.uri("/big"));
        }
    }

    @Test
    void an_untrusted_certificate_is_refused_by_tls() throws Exception {
        try (var another = TlsServer.start(); var session = setup.open(Tls.trusting(another.caFile()))) {
            assertThat(failure(session, https("/text"))).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void a_wrong_host_name_is_refused_by_tls() throws Exception {
        try (var way = new PassThrough("127.0.0.2", server.httpsUrl()); var session = setup.open(tls)) {
            assertThat(failure(session, way.uri("/text"))).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void insecure_tls_accepts_an_untrusted_certificate_and_a_wrong_host_name() throws Exception {
        assumeFalse(setup == Setup.HTTPCLIENT_5, "the fixture has no such setting");
        try (var way = new PassThrough("127.0.0.2", server.httpsUrl()); var session = setup.open(Tls.insecure())) {
            getText(session, way.uri("/text"));
        }
    }

    @Test
    void a_wait_beyond_the_read_timeout_is_an_io_exception() throws Exception {
        assumeFalse(setup == Setup.HTTPCLIENT_5, "the fixture has no such setting");
        try (var session = setup.open(tls, true, Duration.ofMillis(500))) {
            assertThat(failure(session, https("/delay/60"))).hasMessageMatching("(?i).*timed? ?out.*");
        }
    }
}
