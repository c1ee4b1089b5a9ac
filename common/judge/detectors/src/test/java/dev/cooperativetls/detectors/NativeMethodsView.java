package dev.cooperativetls.detectors;

import java.io.IOException;
import java.util.stream.Collectors;

/** {@code jfr view native-methods}, which counts the event {@code jdk.NativeMethodSample}. */
final class NativeMethodsView implements Detector {

    /** With a sample every 20 ms. Methods that were seen less often took little time: which ones is left to chance. */
    private static final int OFTEN = 20;

    @Override
    public String title() {
        return "`jfr view native-methods`";
    }

    @Override
    public String watch(WatchedProgram program) throws IOException, InterruptedException {
        String methods = JfrView.of(program, "native-methods").stream()
                .filter(row -> Integer.parseInt(row.group("count").replace(",", "")) >= OFTEN)
                .map(row -> Culprit.simple(row.group("method").replaceFirst("\\.0x[0-9a-f]+", "")))
                .collect(Collectors.joining(", "));
        return methods.isEmpty() ? NO_REPORT : "lists " + methods;
    }
}
