package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Page.Step;
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
    private final TlsProvider provider;

    JsonReport(PrintStream out, Settings settings, TlsProvider provider) {
        this.out = out;
        this.settings = settings;
        this.provider = provider;
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
        event.putObject("provider")
                .put("name", provider.name())
                .put("version", provider.version())
                .put("info", provider.info())
                .put("from", provider.from());
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
                .put("valid", end.valid())
                .put("invalid", end.invalid().size())
                .put("timedOut", end.timedOut())
                .put("socketClass", end.socketClass()));
    }

    private ObjectNode event(String name) {
        return json.createObjectNode().put("event", name);
    }

    private void print(ObjectNode event) {
        out.println(json.writeValueAsString(event));
        out.flush();
    }
}
