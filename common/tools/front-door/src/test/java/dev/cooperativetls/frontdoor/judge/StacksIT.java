package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.testkit.ReadmePart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares docs/stacks.md with the output of {@code judge stack}, under two of the clients. With
 * {@code -Dreadmes.update=true} its tables are made again, under all clients.
 */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.SAME_THREAD) // each test needs all processors
class StacksIT {

    private static final Path PAGE = RunStagesScript.ROOT.resolve("docs/stacks.md");
    private static final Pattern TABLES = Pattern.compile(
            "(?<=<!-- The tables are made by StacksIT. -->\n).*(?=<!-- The end of the tables. -->)", Pattern.DOTALL);
    private static final List<String> COLUMNS = List.of("httpclient5 http/1.1", "http-url-connection http/1.1",
            "okhttp http/1.1", "okhttp h2", "java.net.http http/1.1", "java.net.http h2");

    /** A provider and the options with which it is used. */
    enum Stack {
        SUN_JSSE("SunJSSE, of the JDK", "--provider SunJSSE"),
        SUN_JSSE_OVER_CHANNELS("SunJSSE, of the JDK", "--provider SunJSSE --channel-sockets"),
        BCJSSE("BCJSSE 1.84", "--jars stage-01/target/lib" + Stack.BOUNCYCASTLE),
        BCJSSE_OVER_CHANNELS("BCJSSE 1.84", "--jars stage-01/target/lib --channel-sockets" + Stack.BOUNCYCASTLE),
        CONSCRYPT("Conscrypt 2.9.0", "--jars " + Stack.JARS + "conscrypt" + Stack.OPENSSL),
        CONSCRYPT_OVER_CHANNELS("Conscrypt 2.9.0",
                "--jars " + Stack.JARS + "conscrypt --channel-sockets" + Stack.OPENSSL),
        OLD_CONSCRYPT("Conscrypt 2.5.2, engine sockets", "--jars " + Stack.JARS + "conscrypt-2.5.2" + Stack.OPENSSL),
        OLD_CONSCRYPT_DESCRIPTORS("Conscrypt 2.5.2, file-descriptor sockets",
                "--jars " + Stack.JARS + "conscrypt-2.5.2" + Stack.OPENSSL + Stack.DESCRIPTORS),
        OLD_CONSCRYPT_DESCRIPTORS_OVER_CHANNELS("Conscrypt 2.5.2, file-descriptor sockets",
                "--jars " + Stack.JARS + "conscrypt-2.5.2 --channel-sockets" + Stack.OPENSSL + Stack.DESCRIPTORS),
        WILDFLY("wildfly-openssl 2.2.5 with libssl 3", "--jars target/to-be-judged/wildfly-openssl --insecure"
                + " --jvm-option=-Dorg.wildfly.openssl.path=/usr/lib/x86_64-linux-gnu"),
        ALT_PROVIDER("alt-provider", "--jars stage-01/target/lib --channel-sockets" + Stack.ALT),
        WRAPPED("alt-provider, cooperative-wrapper", "--jars stage-03/target/lib --channel-sockets" + Stack.ALT),
        PATCHED("alt-provider, patched-wrapper", "--jars stage-04/target/lib --channel-sockets" + Stack.ALT);

        private static final String JARS = "common/tools/front-door/target/to-be-judged/";
        private static final String OPENSSL = " --provider org.conscrypt.OpenSSLProvider";
        private static final String BOUNCYCASTLE =
                " --provider org.bouncycastle.jsse.provider.BouncyCastleJsseProvider"
                + " --provider org.bouncycastle.jce.provider.BouncyCastleProvider";
        private static final String DESCRIPTORS = " --jvm-option=-Dorg.conscrypt.useEngineSocketByDefault=false"
                + " --jvm-option=--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
                + " --jvm-option=--add-opens=java.base/java.net=ALL-UNNAMED";
        private static final String ALT = " --provider dev.cooperativetls.altprovider.AltProvider"
                + " --jvm-option=--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

        private final String title;
        private final String arguments;

        Stack(String title, String arguments) {
            this.title = title;
            this.arguments = arguments;
        }

        @Override
        public String toString() {
            return "%s, %s sockets".formatted(title,
                    arguments.contains("--channel-sockets") ? "channel" : "ordinary");
        }
    }

    private record Row(String verdict, String socket, String culprit, String problem) {}

    /** Returns the rows by client and HTTP version. */
    private static Map<String, Row> judged(Stack stack, String clients) throws Exception {
        Result result = RunStagesScript.bash(RunStagesScript.ROOT,
                "./judge stack --format json " + stack.arguments + clients);
        assertThat(result.out()).as(result.err()).isNotEmpty();
        Map<String, Row> rows = new TreeMap<>();
        for (JsonNode row : new JsonMapper().readTree(result.out()).get("rows")) {
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
        }
        return rows;
    }

    /** Leaves out WildFly, whose native library not every system has. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WILDFLY")
    void the_page_has_the_results_of_the_judge(Stack stack) throws Exception {
        String page = Files.readString(PAGE);
        Map<String, Row> rows = judged(stack, " --client httpclient5 --client okhttp");

        List<String> verdicts = cells(page, stack);
        rows.forEach((column, row) -> assertThat(row.verdict).as("%s under %s: %s", stack, column, rows)
                .isEqualTo(verdicts.get(COLUMNS.indexOf(column))));
        String sockets = page.lines().filter(line -> line.startsWith("- " + stack + ": ")).findFirst().orElseThrow();
        for (Row row : rows.values()) {
            assertThat(row.socket.equals("-") || sockets.contains("`" + row.socket + "`")).as("%s in: %s", row, sockets)
                    .isTrue(); // a connection that fails early has no socket class
            assertThat(row.culprit == null || sockets.contains(row.culprit)).as("%s in: %s", row, sockets).isTrue();
        }
    }

    private static List<String> cells(String page, Stack stack) {
        String line = page.lines().filter(one -> one.startsWith("| " + stack + " |")).findFirst().orElseThrow();
        return Stream.of(line.split(" \\| ")).skip(1).map(cell -> cell.replaceAll("^[ |*]+|[ |*]+$", "")).toList();
    }

    @Test
    @EnabledIfSystemProperty(named = "readmes.update", matches = "true")
    void make_the_tables() throws Exception {
        List<String> table = new ArrayList<>();
        List<String> sockets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Stack stack : Stack.values()) {
            Map<String, Row> rows = judged(stack, "");
            table.add("| %s | %s |".formatted(stack, COLUMNS.stream().map(column -> rows.get(column).verdict)
                    .map(verdict -> verdict.startsWith("FAST") ? verdict : "**" + verdict + "**")
                    .collect(Collectors.joining(" | "))));
            String culprits = rows.values().stream().filter(row -> row.culprit != null).map(row -> row.culprit)
                    .distinct().collect(Collectors.joining("; "));
            sockets.add("- %s: %s%s".formatted(stack, rows.values().stream().map(row -> row.socket)
                    .filter(socket -> !socket.equals("-")).collect(Collectors.toCollection(TreeSet::new)).stream()
                    .map(socket -> "`" + socket + "`").collect(Collectors.joining(", ")),
                    culprits.isEmpty() ? "" : ". Blocked by " + culprits));
            rows.forEach((column, row) -> {
                if (row.problem != null) {
                    problems.add("- %s, %s: %s".formatted(stack, column, row.problem));
                }
            });
        }
        String tables = "\n| provider, plain sockets | %s |\n|---|%s\n%s\n\n%s\n\n%s\n%s\n\n%s\n%s\n\n".formatted(
                String.join(" | ", COLUMNS), "---|".repeat(COLUMNS.size()), String.join("\n", table),
                ReadmePart.dated("*Output of today.*"), "What served, and what blocked the carrier:\n",
                String.join("\n", sockets), "Why there is no verdict:\n", String.join("\n", problems));
        String page = Files.readString(PAGE);
        Files.writeString(PAGE, TABLES.matcher(page).replaceAll(Matcher.quoteReplacement(tables)));
    }
}
