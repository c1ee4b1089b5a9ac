package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.frontdoor.PublishedTest;
import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The tables of docs/stacks.md, made from files that {@code judge stack --json} has written. */
public final class StackTables {

    private static final List<String> COLUMNS = List.of("httpclient5 http/1.1", "http-url-connection http/1.1",
            "okhttp http/1.1", "okhttp h2", "java.net.http http/1.1", "java.net.http h2");

    private StackTables() {}

    /**
     * A provider under one client.
     *
     * @param verdict the verdict; {@code none} if there is none
     * @param socket the class of the socket or engine; {@code -} if there was none
     * @param culprit the culprit, and how it blocked the carrier; null if there is none
     * @param problem why there is no verdict; null if there is one
     */
    public record Row(String verdict, String socket, String culprit, String problem) {}

    /**
     * The content of a file.
     *
     * @param rows the rows by client and HTTP version
     * @param jars the jars and the modules that the providers come from
     */
    public record Judged(ResultsHead head, Map<String, Row> rows, List<String> jars) {}

    /** Returns the content of a file that {@code judge stack --json} has written. */
    public static Judged read(Path file) throws IOException {
        ResultsHead.Read read = ResultsHead.read(Files.readString(file));
        Map<String, Row> rows = new TreeMap<>();
        var jars = new TreeSet<String>();
        for (JsonNode row : read.get("rows", JsonNode[].class)) {
            JsonNode culprit = row.get("culprit");
            boolean none = row.get("verdict").isNull();
            String asked = row.get("httpAsked").asString();
            String served = row.get("http").asString();
            String verdict = none ? "none" : row.get("verdict").asString();
            rows.put(row.get("client").asString() + " " + asked, new Row(
                    served.equals(asked) ? verdict : verdict + " over " + served,
                    row.get("socketClass").asString("-"),
                    culprit.isNull() ? null : "`%s`, %s".formatted(culprit.get("frame").asString(),
                            culprit.get("kind").asString().toLowerCase(Locale.ROOT)),
                    none ? row.get("remarks").get(0).asString().replaceFirst("^no verdict: ", "") : null));
            jars.add(row.at("/provider/from").asString("-"));
        }
        return new Judged(read.head(), rows, List.copyOf(jars));
    }

    /** Returns the tables, in the order of the stacks. */
    public static String of(Map<JudgedStack, Judged> all) {
        List<List<String>> verdicts = new ArrayList<>();
        List<String> sockets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        all.forEach((stack, judged) -> {
            List<String> cells = new ArrayList<>(List.of(stack.toString()));
            COLUMNS.forEach(column -> cells.add(bold(judged.rows.get(column).verdict)));
            verdicts.add(cells);
            sockets.add("- %s: %s".formatted(stack, sockets(judged.rows)));
            judged.rows.forEach((column, row) -> {
                if (row.problem != null) {
                    problems.add("- %s, %s: %s".formatted(stack, column, row.problem));
                }
            });
        });
        List<String> head = new ArrayList<>(List.of("provider, plain sockets"));
        head.addAll(COLUMNS);
        String where = all.values().stream().map(judged -> PublishedTest.whenAndWhere(judged.head)).distinct()
                .collect(Collectors.joining("\n"));
        return "\n%s\n%s\n\nWhat served, and what blocked the carrier:\n\n%s\n\nWhy there is no verdict:\n\n%s\n\n"
                .formatted(ReadmePart.table(head, verdicts), where, String.join("\n", sockets),
                        String.join("\n", problems));
    }

    private static String bold(String verdict) {
        return verdict.startsWith("FAST") ? verdict : "**" + verdict + "**";
    }

    private static String sockets(Map<String, Row> rows) {
        String classes = rows.values().stream().map(Row::socket).filter(socket -> !socket.equals("-")).sorted()
                .distinct().map(socket -> "`" + socket + "`").collect(Collectors.joining(", "));
        String culprits = rows.values().stream().map(Row::culprit).filter(Objects::nonNull).distinct()
                .collect(Collectors.joining("; "));
        return culprits.isEmpty() ? classes : classes + ". Blocked by " + culprits;
    }
}
