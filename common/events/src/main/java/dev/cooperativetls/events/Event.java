package dev.cooperativetls.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of a program's output: a JSON object whose property {@code event} names its kind.
 *
 * <p>A run prints one {@link Start}, then a {@link Page} for each page as it ends, then one {@link End}. A
 * {@link Profile} and the {@link Call}s may follow. A program that waits for a line before its run prints {@link Ready}
 * first.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @Type(name = "ready", value = Event.Ready.class),
    @Type(name = "start", value = Start.class),
    @Type(name = "page", value = Page.class),
    @Type(name = "end", value = End.class),
    @Type(name = "profile", value = Event.Profile.class),
    @Type(name = "call", value = Call.class),
    @Type(name = "client", value = Event.Client.class)
})
public sealed interface Event permits Event.Ready, Start, Page, End, Event.Profile, Call, Event.Client {

    /** A report that the program has warmed up. Its run starts when it receives a line on its standard input. */
    record Ready() implements Event {}

    /**
     * The methods of a run, with the longest cumulative time first.
     *
     * @param methods one entry per method that was called
     */
    record Profile(List<MethodTime> methods) implements Event {}

    /**
     * An HTTP client that the program could use. This event is not part of a run.
     *
     * @param name the client's name for {@code fetch --client}
     * @param http the HTTP versions that the client supports over TLS, by their ALPN names
     */
    record Client(String name, List<String> http) implements Event {}

    /**
     * Returns this event as one line, without a line end. The line is pure ASCII, so the encoding of the output does
     * not matter.
     */
    default String toJson() {
        return Json.MAPPER.writeValueAsString(this);
    }

    /**
     * Reads an event.
     *
     * @param line what {@link #toJson} returned; unknown properties are ignored
     * @throws IllegalArgumentException if the line is not an event, or a {@link Start} lacks what a run needs
     */
    static Event parse(String line) {
        try {
            return Objects.requireNonNull(Json.MAPPER.readValue(line, Event.class)); // null is JSON too
        } catch (JacksonException | NullPointerException e) {
            throw new IllegalArgumentException("not an event: " + line, e);
        }
    }

    /** The mapper of {@link Event}, in a separate class, because the fields of an interface are public. */
    final class Json {

        private static final JsonMapper MAPPER =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

        private Json() {}
    }
}
