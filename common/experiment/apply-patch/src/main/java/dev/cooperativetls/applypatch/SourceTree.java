package dev.cooperativetls.applypatch;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tree of files in memory, so that nothing is written before everything has been patched.
 *
 * <p>It knows files and their bytes: no empty folders, no permissions. Links are read as what they lead to.
 */
final class SourceTree {

    private final Map<Path, byte[]> files = new TreeMap<>();

    static SourceTree read(Path root) throws IOException {
        var tree = new SourceTree();
        try (var paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                tree.put(root.relativize(path), Files.readAllBytes(path));
            }
        }
        return tree;
    }

    boolean contains(Path file) {
        return files.containsKey(file);
    }

    byte[] get(Path file) {
        return files.get(file);
    }

    void put(Path file, byte[] content) {
        files.put(file, content);
    }

    void remove(Path file) {
        files.remove(file);
    }

    /**
     * Makes the folder hold this tree and nothing else. A file that is right already is not touched, so that its time
     * tells a compiler that nothing has changed.
     */
    void writeTo(Path root) throws IOException {
        Files.createDirectories(root);
        removeAllElse(root);
        for (var file : files.entrySet()) {
            var path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            if (!Files.exists(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
                Files.write(path, file.getValue());
            }
        }
    }

    private void removeAllElse(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            var childrenFirst = paths.filter(path -> !path.equals(root)).sorted(Comparator.reverseOrder()).toList();
            for (var path : childrenFirst) {
                if (!keeps(root.relativize(path), path)) {
                    Files.delete(path);
                }
            }
        }
    }

    private boolean keeps(Path name, Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                ? !contains(name) && files.keySet().stream().anyMatch(file -> file.startsWith(name))
                : contains(name) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
