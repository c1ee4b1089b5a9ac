package dev.cooperativetls.fetch;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a page. Its bytes are counted, and are kept if there are few enough to parse. Not thread-safe. */
final class PageBody {

    private static final int MOST_PARSED = 64 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long length;

    void append(byte[] buffer, int count) {
        length += count;
        if (length <= MOST_PARSED) {
            kept.write(buffer, 0, count);
        }
    }

    long length() {
        return length;
    }

    /** Returns the page ids in {@code args.page} of a body like httpbin's; empty for any other body. */
    List<String> pageIds() {
        if (length == 0 || length > MOST_PARSED) {
            return List.of();
        }
        try {
            JsonNode page = JSON.readTree(kept.toByteArray()).path("args").path("page");
            return (page.isArray() ? page.valueStream() : Stream.of(page))
                    .filter(JsonNode::isValueNode).map(JsonNode::asString).toList();
        } catch (JacksonException notJson) {
            return List.of();
        }
    }
}
