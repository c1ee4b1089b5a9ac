package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cooperativetls.events.Start.SslContexts;
import dev.cooperativetls.events.Start.TlsProvider;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

    private static final Instant TIME = Instant.parse("2026-11-25T10:15:30.123456789Z");

    static Stream<Event> every_kind_of_event_survives_a_round_trip() {
        return Stream.of(
                new Start(TIME, "https://localhost/", 10, "httpclient5", 1, "virtual", "25",
                        new TlsProvider("SunJSSE", "25", "the JDK's \u201cTLS\u201d\n", "JDK"),
                        List.of(new Jar("picocli", "4.7.7"), new Jar("folder", null)),
                        new SslContexts("of a jar", "of the JDK")),
                new Start(TIME, null, 1, null, 1, null, "25", new TlsProvider("SunJSSE", null, null, null), null, null),
                new Page(3, 200, 1L << 40, "h2", null, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
                new Page(4, 0, 0, null, "Connection refused", 0.1, null, null, null, null, null, null),
                new End(TIME, 1.25, 0.5, 9, 1, true, "java.net.Socket"),
                new End(TIME, 1.25, null, 0, 0, false, null),
                new Event.Profile(List.of(new MethodTime("a.B.c", 2, 0.5, 0.75))),
                new Event.Profile(List.of()),
                new Call(0.25, 1.5, "page-0", 2, "a.B.c"));
    }

    @ParameterizedTest
    @MethodSource
    void every_kind_of_event_survives_a_round_trip(Event event) {
        String json = event.toJson();

        assertThat(json).hasLineCount(1).matches("\\p{ASCII}+");
        assertThat(Event.parse(json)).isEqualTo(event);
    }

    @Test
    void an_event_is_an_object_whose_first_property_names_its_kind() {
        assertThat(new Event.Profile(List.of(new MethodTime("a.B.c", 2, 0.5, 0.75))).toJson()).isEqualTo("""
                {"event":"profile","methods":[{"method":"a.B.c","calls":2,"averageSeconds":0.5,"longestSeconds":0.75}]}\
                """);
        assertThat(Page.of(3, 404, 5, "http/1.1", "HTTP 404", Map.of(Step.START, 0.5, Step.END, 1.5)).toJson())
                .isEqualTo("""
                        {"event":"page","page":3,"status":404,"bytes":5,"http":"http/1.1","problem":"HTTP 404",\
                        "start":0.5,"connectStart":null,"connected":null,"handshaken":null,"sent":null,\
                        "firstByte":null,"end":1.5}""");
    }

    @Test
    void unknown_properties_are_ignored() {
        String json = new Call(0.25, 1.5, "page-0", 2, "a.B.c").toJson().replace("}", ",\"colour\":[{\"red\":1}]}");

        assertThat(Event.parse(json)).isEqualTo(new Call(0.25, 1.5, "page-0", 2, "a.B.c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'event':'start','urlCount':10,'carriers':1}",
        "{'event':'start','time':'2026-11-25T10:15:30Z','carriers':1}",
        "{'event':'start','time':'2026-11-25T10:15:30Z','urlCount':0,'carriers':1}",
        "{'event':'start','time':'2026-11-25T10:15:30Z','urlCount':10}",
        "{'event':'start','time':'2026-11-25T10:15:30Z','urlCount':10,'carriers':0}",
    })
    void a_start_without_time_pages_or_carriers_is_refused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> Event.parse(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "START", "null", "[]", "{}", "{\"event\":\"lunch\"}", "{\"event\":\"call\"} {}",
        "{\"event\":\"page\",\"page\":\"first\"}"})
    void a_line_that_is_not_an_event_is_refused_and_shown(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> Event.parse(line))
                .withMessageContaining("not an event: " + line);
    }

    @Test
    void a_start_with_time_pages_and_carriers_is_enough() {
        String json = "{\"event\":\"start\",\"time\":\"2026-11-25T10:15:30Z\",\"urlCount\":10,\"carriers\":1}";

        assertThat(Event.parse(json)).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.urlCount()).isEqualTo(10);
            assertThat(start.provider()).isNull();
        });
    }

    @Test
    void a_page_is_valid_unless_it_has_a_problem() {
        assertThat(Page.of(0, 200, 0, null, null, Map.of()).valid()).isTrue();
        assertThat(Page.of(0, 200, 0, null, "body cut short", Map.of()).valid()).isFalse();
    }
}
