package dev.cooperativetls.server;

import static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder.responseDefinition;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.common.FileSource;
import com.github.tomakehurst.wiremock.extension.Parameters;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformer;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A WireMock extension that answers a request after the delay in its path, with its arguments and URL as JSON. */
final class DelayTransformer extends ResponseDefinitionTransformer {

    static final String NAME = "delay";

    private static final ObjectMapper JSON = JsonMapper.shared();

    @Override
    public String getName() {
        return NAME;
    }

    /** Returns false, so that only stubs that name this transformer are delayed. */
    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public ResponseDefinition transform(
            Request request, ResponseDefinition notFound, FileSource files, Parameters parameters) {
        String[] pathAndQuery = request.getUrl().split("\\?", 2);
        String query = pathAndQuery.length == 2 ? pathAndQuery[1] : "";
        return Delay.ofPath(pathAndQuery[0])
                .map(delay -> responseDefinition()
                        .withHeader("Content-Type", "application/json")
                        .withBody(JSON.writeValueAsString(answer(request, query)))
                        .withFixedDelay(delay.millis())
                        .build())
                .orElse(notFound);
    }

    private static Map<String, Object> answer(Request request, String query) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("args", arguments(query));
        answer.put("url", request.getAbsoluteUrl());
        return answer;
    }

    /**
     * Returns the value of each argument, or a list if an argument has several values.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
     */
    static Map<String, Object> arguments(String query) {
        Map<String, List<String>> values = Stream.of(query.split("&"))
                .filter(argument -> !argument.isEmpty())
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.groupingBy(
                        argument -> decoded(argument[0]),
                        LinkedHashMap::new,
                        Collectors.mapping(
                                argument -> argument.length == 2 ? decoded(argument[1]) : "", Collectors.toList())));
        var arguments = new LinkedHashMap<String, Object>();
        values.forEach((name, all) -> arguments.put(name, all.size() == 1 ? all.getFirst() : all));
        return arguments;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }
}
