package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Page.Step;
import dev.cooperativetls.recorder.Call;
import dev.cooperativetls.recorder.Readings;
import java.io.PrintStream;
import java.time.Instant;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The report for programs: JSON, an event a line, each flushed. */
final class JsonReport implements Report {

    /** ASCII alone, so that the encoding of standard output does not matter. */
    private final JsonMapper json = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final PrintStream out;
    private final Settings settings;
    private final Introduction introduction;

    JsonReport(PrintStream out, Settings settings, Introduction introduction) {
        this.out = out;
        this.settings = settings;
        this.introduction = introduction;
        // Jackson's first use takes long: here, and not between the clock's start and the pages'.
        json.writeValueAsString(startEvent(Instant.EPOCH));
    }

    @Override
    public void start(Instant time) {
        print(startEvent(time));
    }

    private ObjectNode startEvent(Instant time) {
        ObjectNode event = event("start")
                .put("time", time.toString())
                .put("url", settings.url().toString())
                .put("urlCount", settings.urlCount())
                .put("readCall", settings.readCall().property())
                .put("carriers", settings.carriers())
                .put("threads", settings.threads().toString())
                .put("jdk", Runtime.version().toString());
        event.putPOJO("provider", introduction.provider());
        if (introduction.jars() != null) {
            event.putPOJO("jars", introduction.jars());
        }
        if (introduction.contexts() != null) {
            event.putObject("sslContexts")
                    .put("inForce", introduction.contexts().inForce().toString())
                    .put("withoutClassPath", introduction.contexts().withoutClassPath().toString());
        }
        return event;
    }

    @Override
    public void page(Page page) {
        ObjectNode event = event("page")
                .put("page", page.id())
                .put("status", page.status())
                .put("bytes", page.bytes())
                .put("problem", page.problem());
        for (Step step : Step.values()) {
            event.put(step.key(), page.times().get(step));
        }
        print(event);
    }

    @Override
    public void end(End end) {
        print(event("end")
                .put("time", Instant.now().toString())
                .put("elapsedSeconds", end.elapsed())
                .put("cpuSeconds", end.cpu().isZero() ? null : end.cpu().toMillis() / 1000.0)
                .put("valid", end.valid())
                .put("invalid", end.invalid().size())
                .put("timedOut", end.timedOut())
                .put("socketClass", end.socketClass()));
    }

    @Override
    public void readings(Readings readings, End end) {
        if (readings.profile() != null) {
            print(event("profile").putPOJO("methods", readings.profile()).putPOJO("holders", readings.holders()));
        }
        if (readings.trace() != null) {
            for (Call call : readings.trace()) {
                print(event("call").setAll((ObjectNode) json.valueToTree(call)));
            }
        }
    }

    private ObjectNode event(String name) {
        return json.createObjectNode().put("event", name);
    }

    private void print(ObjectNode event) {
        out.println(json.writeValueAsString(event));
        out.flush();
    }
}
