package dev.cooperativetls.detectors;

import java.io.IOException;
import java.util.stream.Collectors;

/** {@code jfr view pinned-threads}, which counts the event {@code jdk.VirtualThreadPinned}. */
final class PinnedThreadsView implements Detector {

    @Override
    public String title() {
        return "`jfr view pinned-threads`";
    }

    @Override
    public String watch(WatchedProgram program) throws IOException, InterruptedException {
        String methods = JfrView.of(program, "pinned-threads").stream()
                .map(row -> Culprit.simple(row.group("method"))).collect(Collectors.joining(", "));
        return methods.isEmpty() ? NO_REPORT : "lists " + methods;
    }
}
