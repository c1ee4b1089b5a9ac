package dev.cooperativetls.frontdoor.judge;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A user's class path. Its entries are jars and folders of classes. */
record UserJars(List<Path> entries) {

    private static final String SERVICES = "META-INF/services/" + Provider.class.getName();

    /**
     * Reads a class path.
     *
     * @param given texts, each of which is a jar, a folder of classes, a folder of jars, or several of these with the
     *     system's path separator
     * @throws IllegalArgumentException if an entry is missing or is none of these; the message gives the reason
     * @throws IOException if a folder cannot be read
     */
    static UserJars of(List<String> given) throws IOException {
        List<Path> entries = new ArrayList<>();
        for (String classPath : given) {
            for (String name : classPath.split(File.pathSeparator)) {
                if (name.isBlank()) {
                    throw new IllegalArgumentException("an entry is empty");
                }
                Path entry = Path.of(name.replaceFirst("/\\*$", "")).toAbsolutePath().normalize();
                if (!Files.exists(entry)) {
                    throw new IllegalArgumentException("%s is missing".formatted(entry));
                }
                entries.addAll(Files.isDirectory(entry) ? folder(entry) : List.of(jar(entry)));
            }
        }
        return new UserJars(List.copyOf(entries));
    }

    private static List<Path> folder(Path folder) throws IOException {
        List<Path> jars;
        boolean empty;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            jars = all.stream().filter(file -> file.toString().endsWith(".jar")).toList();
            empty = all.isEmpty();
        }
        if (empty) {
            throw new IllegalArgumentException("%s has neither jars nor classes".formatted(folder));
        }
        return jars.isEmpty() ? List.of(folder) : jars;
    }

    private static Path jar(Path file) {
        try (var _ = new JarFile(file.toFile())) {
            return file;
        } catch (IOException e) {
            throw new IllegalArgumentException("%s is not a jar: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Returns the names of the classes that are listed as services of {@link Provider}. */
    List<String> providers() throws IOException {
        var names = new TreeSet<String>();
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                Path services = entry.resolve(SERVICES);
                if (Files.exists(services)) {
                    add(Files.readString(services), names);
                }
            } else {
                try (var jar = new JarFile(entry.toFile())) {
                    var services = jar.getEntry(SERVICES);
                    if (services != null) {
                        add(new String(jar.getInputStream(services).readAllBytes(), StandardCharsets.UTF_8), names);
                    }
                }
            }
        }
        return List.copyOf(names);
    }

    private static void add(String services, TreeSet<String> names) {
        services.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty())
                .forEach(names::add);
    }

    /** Returns a class path for {@code java -cp}: first these entries, then the user's. */
    String after(String... before) {
        List<String> all = new ArrayList<>(List.of(before));
        entries.forEach(entry -> all.add(entry.toString()));
        return String.join(File.pathSeparator, all);
    }
}
