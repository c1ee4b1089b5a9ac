package dev.cooperativetls.recorder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The virtual threads that were on a carrier at one moment, from a thread dump in the recording. Only a dump shows a
 * pinned park that never ends, and a wait inside the JVM.
 */
record ThreadDump(Instant at, Map<Long, Mounted> threads) {

    private static final Pattern MOUNTED = Pattern.compile("\\s*Mounted virtual thread #(\\d+)");
    private static final Pattern INITIALISATION =
            Pattern.compile("\\s*- waiting on the Class initialization monitor for (\\S+)");

    /**
     * A virtual thread on its carrier.
     *
     * @param waitsFor the class that another thread initialises while this thread waits for it; null if it does not
     */
    record Mounted(Stack stack, String waitsFor) {}

    static ThreadDump of(Instant at, String text) {
        Map<Long, Mounted> threads = new HashMap<>();
        List<Frame> frames = new ArrayList<>();
        Long thread = null;
        String waitsFor = null;
        for (String line : text.lines().toList()) {
            Matcher mounted = MOUNTED.matcher(line);
            Matcher initialisation = INITIALISATION.matcher(line);
            if (mounted.matches()) {
                thread = Long.valueOf(mounted.group(1));
                frames.clear();
                waitsFor = null;
            } else if (thread != null && line.isBlank()) {
                threads.put(thread, new Mounted(new Stack(frames, false), waitsFor));
                thread = null;
            } else if (thread != null && initialisation.matches()) {
                waitsFor = initialisation.group(1).replace('/', '.');
            } else if (thread != null && Frame.of(line) instanceof Frame frame) {
                frames.add(frame);
            }
        }
        return new ThreadDump(at, threads);
    }
}
