package dev.cooperativetls.runstages;

import dev.cooperativetls.verdict.Holder;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The verdicts as a JSON array, for programs. */
final class ResultsFile {

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultsFile() {}

    /** A run. Times are in seconds; null where it is not known, or there is none. */
    private record Run(int stage, String readCall, String expected, String verdict, int urlCount, int valid,
            double delaySeconds, double elapsedSeconds, double overlap, Integer serverPeak, int carriers,
            String socketClass, String culprit, String patch, String jdk) {

        static Run of(Outcome outcome) {
            Cell cell = outcome.cell();
            Observation seen = outcome.seen();
            return new Run(cell.stage().number(), cell.readCall().method(), cell.expected().name(),
                    seen.verdict().map(Verdict::name).orElse(null), seen.pageCount(), seen.valid(),
                    rounded(seen.typicalWaitSeconds()), rounded(seen.elapsedSeconds()), rounded(seen.overlap()),
                    seen.serverPeak().isPresent() ? seen.serverPeak().getAsInt() : null, seen.carriers(),
                    seen.socketClass(), seen.culprit().map(Holder::frame).orElse(null),
                    cell.stage().hasPatch() ? cell.patched() ? "on" : "off" : null, seen.jdk());
        }

        private static double rounded(double value) {
            return Math.round(value * 1000) / 1000.0;
        }
    }

    static void write(Path file, List<Outcome> outcomes) throws IOException {
        List<Run> runs = outcomes.stream().map(Run::of).toList();
        Files.writeString(file, JSON.writeValueAsString(runs) + System.lineSeparator());
    }
}
