package dev.cooperativetls.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** For the tests: a README's table of what must be survived, {@code | 40 | what happens | `SomeTest.the_method` |}. */
record FaultTable(List<Row> rows) {

    private static final Pattern ROW =
            Pattern.compile("^\\| (?<number>\\d+) \\| (?<fault>.*) \\| (?<shown>.*) \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(?<type>\\w+)\\.(?<method>\\w+)`");

    /**
     * One row; several may have one number.
     *
     * @param shown the tests that show it, or "not met: " and why
     */
    record Row(int number, String fault, String shown) {

        List<Test> tests() {
            return TEST.matcher(shown).results()
                    .map(test -> new Test(test.group("type"), test.group("method"))).toList();
        }

        boolean notMet() {
            return shown.startsWith("not met: ");
        }

        @Override
        public String toString() {
            return number + ": " + fault;
        }
    }

    /** A method of a test class. */
    record Test(String type, String method) {}

    static FaultTable read(Path readme) throws IOException {
        return new FaultTable(ROW.matcher(Files.readString(readme)).results().map(FaultTable::row).toList());
    }

    private static Row row(MatchResult row) {
        return new Row(Integer.parseInt(row.group("number")), row.group("fault"), row.group("shown"));
    }
}
