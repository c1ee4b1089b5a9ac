package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Jar;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jars of a class path in order, with the jars that their manifests add. Python: {@code pip freeze}. */
final class ClassPath {

    /** Maven's names of jars. The version begins after the first hyphen that a number and a dot follow. */
    private static final Pattern NAME = Pattern.compile("(?<name>.+?)(-(?<version>\\d+\\..*))?\\.jar");

    private final Set<Path> seen = new LinkedHashSet<>();
    private final List<Jar> jars = new ArrayList<>();

    private ClassPath() {}

    /** Returns the jars. An entry that is a folder, or that is missing, is skipped. */
    static List<Jar> jars(String classPath) throws IOException {
        var all = new ClassPath();
        for (String entry : classPath.split(File.pathSeparator)) {
            all.add(Path.of(entry));
        }
        return all.jars;
    }

    private void add(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !seen.add(file.toRealPath())) {
            return;
        }
        Manifest manifest;
        try (JarFile jar = new JarFile(file.toFile())) {
            manifest = jar.getManifest();
        }
        String ownVersion = null;
        String more = null;
        if (manifest != null) {
            ownVersion = manifest.getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION);
            more = manifest.getMainAttributes().getValue(Name.CLASS_PATH);
        }
        Matcher named = NAME.matcher(file.getFileName().toString());
        jars.add(named.matches()
                ? new Jar(named.group("name"), named.group("version") == null ? ownVersion : named.group("version"))
                : new Jar(file.getFileName().toString(), ownVersion));
        if (more != null) {
            for (String location : more.strip().split(" +")) {
                URI next = file.toUri().resolve(location);
                if ("file".equals(next.getScheme())) {
                    add(Path.of(next));
                }
            }
        }
    }
}
