package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.FlightRecording;
import dev.cooperativetls.events.ProfileText;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.events.Start.TlsProvider;
import dev.cooperativetls.events.TextTable;
import dev.cooperativetls.frontdoor.SavedPaths;
import dev.cooperativetls.frontdoor.VerdictTable;
import dev.cooperativetls.report.HtmlReport;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.report.RunResults;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The rows of {@code judge stack} as text, HTML, JSON or JUnit's XML.
 *
 * @param setting how the runs were made, as text
 * @param expected the expected verdict
 * @param head where, when and how the runs were made
 */
record StackText(List<StackRow> rows, String setting, Verdict expected, ResultsHead head) {

    /** Returns the table, with a line for each remark below it. */
    String table() {
        boolean severalJdks = jdks().size() > 1;
        List<String> columns = new ArrayList<>(List.of("client", "HTTP", "socket or engine", "time", "peak",
                VerdictTable.VERDICT, "JDK's TLS", "culprit"));
        if (severalJdks) {
            columns.addFirst("JDK");
        }
        var table = new TextTable(columns, Set.of("time", "peak"));
        for (StackRow row : rows) {
            Observation seen = row.provider().seen();
            List<String> texts = new ArrayList<>(List.of(row.asked().client(), row.http(),
                    seen == null || seen.socketClass() == null ? "-" : seen.socketClass(),
                    seen == null ? "-" : String.format(Locale.ROOT, "%.2f s", seen.elapsedSeconds()),
                    seen == null ? "-" : Integer.toString(seen.atOnce()), row.provider().word(), row.jdk().word(),
                    row.culprit().map(culprit -> "%s %s, %s".formatted(culprit.frame(),
                            ProfileText.percent(culprit.share()), culprit.kind().word())).orElse("-")));
            if (severalJdks) {
                texts.addFirst(jdk(row));
            }
            table.row(texts.toArray(String[]::new));
        }
        var text = new StringBuilder();
        line(text, "provider", providers().isEmpty() ? "none was loaded" : String.join("; ", providers()));
        line(text, "JDK", String.join(", ", jdks()));
        line(text, "runs", setting);
        line(text, "controls", "a sleep is FAST; a wait in native code is SLOW, and is seen");
        text.append(System.lineSeparator()).append(table.lines(VerdictTable::coloured));
        remarks().forEach(remark -> text.append(remark).append(System.lineSeparator()));
        return text.toString();
    }

    /** Returns each remark, after the names of its rows. */
    private List<String> remarks() {
        Map<String, List<String>> remarks = new LinkedHashMap<>();
        for (StackRow row : rows) {
            row.remarks().forEach(remark -> remarks.computeIfAbsent(remark, _ -> new ArrayList<>()).add(name(row)));
        }
        return remarks.entrySet().stream()
                .map(remark -> "%s: %s".formatted(String.join("; ", remark.getValue()), remark.getKey())).toList();
    }

    private String name(StackRow row) {
        return (jdks().size() > 1 ? "JDK " + jdk(row) + ", " : "") + row.asked();
    }

    /** Returns the runs as a page, with a waterfall for each. */
    String html() {
        List<RunResult> results = new ArrayList<>();
        for (StackRow row : rows) {
            result(row, row.provider(), "the provider's", expected).ifPresent(results::add);
            result(row, row.jdk(), "the JDK's", null).ifPresent(results::add);
        }
        return HtmlReport.of(new RunResults(head, results), new HtmlReport.Words("client", "provider", "TLS", null),
                remarks());
    }

    private Optional<RunResult> result(StackRow row, StackRow.Run run, String tls, Verdict expectedOfRun) {
        return run.seen() == null ? Optional.empty() : Optional.of(new RunResult(name(row),
                String.join("; ", providers()), "", tls, row.asked().client(), null, expectedOfRun,
                run.verdict().orElse(null), run.seen().reason(), run.seen().toBeSaved(SavedPaths::without),
                FlightRecording.missing().isEmpty()));
    }

    private List<String> providers() {
        return rows.stream().map(row -> row.provider().start()).filter(Objects::nonNull).map(start -> start.provider())
                .map(StackText::words).distinct().toList();
    }

    private static String words(TlsProvider provider) {
        return "%s %s (%s)".formatted(provider.name(), provider.version(), provider.from());
    }

    private List<String> jdks() {
        return rows.stream().map(StackText::jdk).distinct().toList();
    }

    private static String jdk(StackRow row) {
        return Optional.ofNullable(row.provider().start()).or(() -> Optional.ofNullable(row.jdk().start()))
                .map(start -> start.jdk()).orElse(row.asked().javaHome().toString());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-9s ", name)).append(value).append(System.lineSeparator());
    }

    /** Returns the rows as JSON. */
    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("setting", setting);
        all.put("expected", expected);
        all.put("rows", rows.stream().map(this::json).toList());
        return head.json(all);
    }

    private Map<String, Object> json(StackRow row) {
        Optional<Observation> seen = Optional.ofNullable(row.provider().seen());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("client", row.asked().client());
        all.put("http", row.http());
        all.put("httpAsked", row.asked().http());
        all.put("jdk", jdk(row));
        all.put("provider", row.provider().start() == null ? null : row.provider().start().provider());
        all.put("socketClass", seen.map(Observation::socketClass).orElse(null));
        all.put("seconds", seen.map(Observation::elapsedSeconds).orElse(null));
        all.put("peak", seen.map(Observation::atOnce).orElse(null));
        all.put("verdict", row.provider().verdict().orElse(null));
        all.put("verdictOnJdk", row.jdk().verdict().orElse(null));
        all.put("reason", seen.map(Observation::reason).orElse(null));
        all.put("culprit", row.culprit().orElse(null));
        all.put("remarks", row.remarks());
        return all;
    }

    /** Returns the rows as test cases of a JUnit XML report. */
    String junit() {
        var text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "judge stack");
            xml.writeAttribute("tests", Integer.toString(rows.size()));
            xml.writeAttribute("errors", count(row -> row.provider().verdict().isEmpty()));
            xml.writeAttribute("failures", count(row -> row.provider().verdict()
                    .filter(verdict -> verdict != expected).isPresent()));
            for (StackRow row : rows) {
                write(row, xml);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to a string failed", e);
        }
        return text + System.lineSeparator();
    }

    private String count(Predicate<StackRow> counted) {
        return Long.toString(rows.stream().filter(counted).count());
    }

    private void write(StackRow row, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", providers().isEmpty() ? "provider" : providers().getFirst());
        xml.writeAttribute("name", "%s, JDK %s".formatted(row.asked(), jdk(row)));
        if (row.provider().seen() != null) {
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", row.provider().seen().elapsedSeconds()));
        }
        Optional<Verdict> verdict = row.provider().verdict();
        if (!verdict.equals(Optional.of(expected))) {
            xml.writeStartElement(verdict.isEmpty() ? "error" : "failure");
            xml.writeAttribute("message", verdict.isEmpty() ? row.problem() : "%s, expected %s: %s%s".formatted(
                    verdict.get(), expected, row.provider().seen().reason(),
                    row.culprit().map(culprit -> ", blocked by " + culprit.frame()).orElse("")));
            xml.writeCharacters(row.remarks().stream().collect(Collectors.joining(System.lineSeparator())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
