package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A stage, described by the file {@value #FILE} in its folder.
 *
 * @param name the name of its folder, such as {@code stage-01}
 * @param installed what its class path adds, in a few words
 * @param why the reason for its verdicts
 * @param verdicts the expected verdict per read call; a read call that the stage does not use is absent
 * @param patchOff the stage without its patch; null if it has none
 */
public record Stage(String name, String installed, String why, Map<String, Verdict> verdicts, PatchOff patchOff) {

    static final String FILE = "stage.properties";

    /** The read calls, in the order in which they are run. */
    static final List<String> READ_CALLS = List.of("read", "readInto");

    /**
     * A stage with its patch off.
     *
     * @param jar the unpatched jar, relative to the repository; it comes first on the class path
     * @param installed what its class path adds, in a few words
     * @param like the name of the stage with the same verdicts, for the same reason
     */
    public record PatchOff(String jar, String installed, String like) {}

    /**
     * Reads the stages of a repository.
     *
     * @param root the folder of the repository
     * @return the stages in the order of their names
     * @throws IOException if a stage's file cannot be read or lacks a key; the message names the file and the key
     */
    static List<Stage> all(Path root) throws IOException {
        List<Path> folders;
        try (Stream<Path> files = Files.list(root)) {
            folders = files.filter(folder -> folder.getFileName().toString().matches("stage-\\d+")
                    && Files.exists(folder.resolve(FILE))).sorted().toList();
        }
        var stages = new ArrayList<Stage>();
        for (Path folder : folders) {
            stages.add(read(folder));
        }
        return List.copyOf(stages);
    }

    private static Stage read(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        var properties = new Properties();
        try (var file = Files.newBufferedReader(folder.resolve(FILE))) {
            properties.load(file);
        } catch (IllegalArgumentException e) { // a malformed escape
            throw new IOException("%s/%s: %s".formatted(name, FILE, e.getMessage()), e);
        }
        var verdicts = new LinkedHashMap<String, Verdict>();
        for (String call : READ_CALLS) {
            String verdict = properties.getProperty(call);
            if (verdict != null) {
                verdicts.put(call, verdict(name, call, verdict));
            }
        }
        if (verdicts.isEmpty()) {
            throw new IOException("%s/%s has no verdict: add read or readInto, or both".formatted(name, FILE));
        }
        PatchOff patchOff = properties.getProperty("patch-off.jar") == null ? null : new PatchOff(
                required(name, properties, "patch-off.jar"), required(name, properties, "patch-off.installed"),
                required(name, properties, "patch-off.like"));
        return new Stage(name, required(name, properties, "installed"), required(name, properties, "why"), verdicts,
                patchOff);
    }

    private static Verdict verdict(String name, String call, String verdict) throws IOException {
        try {
            return Verdict.valueOf(verdict.strip());
        } catch (IllegalArgumentException e) {
            throw new IOException("%s/%s: %s must be FAST, SLOW, PARTIAL or HUNG, not '%s'"
                    .formatted(name, FILE, call, verdict), e);
        }
    }

    private static String required(String name, Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            throw new IOException("%s/%s has no %s: add it".formatted(name, FILE, key));
        }
        return value.strip();
    }

    /** Returns the number in the stage's name. */
    int number() {
        return Integer.parseInt(name.substring(name.indexOf('-') + 1));
    }

    /** Returns the stage's runnable jar. */
    Path jar(Path root) {
        return root.resolve(name).resolve("target").resolve(name + ".jar");
    }

    @Override
    public String toString() {
        return name;
    }
}
