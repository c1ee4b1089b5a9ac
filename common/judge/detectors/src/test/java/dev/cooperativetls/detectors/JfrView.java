package dev.cooperativetls.detectors;

import dev.cooperativetls.events.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * A view of {@code jfr} on a recording with the JDK's default settings.
 *
 * @param view the name of the view
 * @param least methods with fewer samples are left out, because they were sampled by chance
 */
record JfrView(String view, int least) implements Detector {

    /** A method without its parameters, and the number of its samples. */
    private static final Pattern ROW = Pattern.compile("(?<method>\\S+)\\(.*\\) +(?<count>[\\d,]+)( .*)?");

    @Override
    public String title() {
        return "`jfr view %s`".formatted(view);
    }

    /** Returns the methods of the view, the most frequent first. */
    @Override
    public String watch(WatchedProgram program) throws IOException, InterruptedException {
        String methods = rows(program).stream()
                .filter(row -> Integer.parseInt(row.group("count").replace(",", "")) >= least)
                .map(row -> Culprit.simple(row.group("method").replaceFirst("\\.0x[0-9a-f]+", "")))
                .collect(Collectors.joining(", "));
        return methods.isEmpty() ? NO_REPORT : "lists " + methods;
    }

    /** Returns the rows of the view, with the groups {@code method} and {@code count}. */
    private List<Matcher> rows(WatchedProgram program) throws IOException, InterruptedException {
        Path file = Files.createTempFile("detectors-", ".jfr");
        try {
            try (var recording = new Recording(Configuration.getConfiguration("default"))) {
                recording.start();
                program.run();
                recording.stop();
                recording.dump(file);
            } catch (ParseException e) {
                throw new IOException(e);
            }
            Process jfr = new ProcessBuilder(ChildJvm.OWN_JDK.resolve("bin", "jfr").toString(),
                    "view", "--width", "250", view, file.toString()).redirectErrorStream(true).start();
            String output = new String(jfr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jfr.waitFor() != 0) {
                throw new IOException(output);
            }
            return output.lines().map(ROW::matcher).filter(Matcher::matches).toList();
        } finally {
            Files.delete(file);
        }
    }
}
