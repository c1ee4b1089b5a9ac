import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.PatchFailedException;
import com.github.difflib.patch.VerifyChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program that copies a source tree and applies a diff to the copy. Its arguments are ROOT, TREE and PATCH relative
 * to ROOT, and COPY.
 */
class ApplyPatch {

    public static void main(String... args) throws IOException {
        Path root = Path.of(args[0]);
        Path copy = Files.createDirectories(Path.of(args[3]));
        var texts = new TreeMap<Path, String>();
        for (Path file : filesIn(root.resolve(args[1]))) {
            texts.put(root.relativize(file), Files.readString(file));
        }
        try {
            apply(Files.readAllLines(root.resolve(args[2])), texts);
        } catch (PatchFailedException e) {
            System.err.println(args[2] + ": " + e.getMessage());
            System.exit(1);
        }
        for (Path old : filesIn(copy)) { // an unchanged file is not written, so it is not compiled again
            Path file = Path.of(args[1]).resolve(copy.relativize(old));
            if (!texts.remove(file, Files.readString(old)) && !texts.containsKey(file)) {
                Files.delete(old);
            }
        }
        for (var text : texts.entrySet()) {
            Path file = copy.resolve(Path.of(args[1]).relativize(text.getKey()));
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.getValue());
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    private static void apply(List<String> diff, TreeMap<Path, String> texts) throws PatchFailedException {
        require(diff.stream().anyMatch(line -> line.startsWith("@@")), "no hunk");
        for (int at = diff.size() - 1; at >= 0; at--) { // the last hunk first, because a hunk moves the lines after it
            if (diff.get(at).startsWith("@@")) {
                String file = diff.subList(0, at).reversed().stream().filter(line -> line.startsWith("+++ "))
                        .findFirst().orElse("").replaceFirst("^\\+\\+\\+ (b/)?", "");
                var hunk = diff.stream().skip(at + 1).takeWhile(line -> line.matches("[-+ \\\\].*")).toList();
                String name = file + ": " + diff.get(at).replaceFirst("(@@.*@@).*", "$1") + ": ";
                require(texts.containsKey(Path.of(file)), name + "no such file");
                // The library does not check the lengths, and applies a hunk without context one line too early.
                require(diff.get(at).matches("@@ -\\d+,%d \\+\\d+,%d @@.*".formatted(count(hunk, "[- ].*"),
                        count(hunk, "[+ ].*"))) && count(hunk, " .*") > 0, name + "not a whole hunk with context");
                require(count(hunk, "\\\\.*") == 0, name + "the file must end with a newline");
                var change = UnifiedDiffUtils.parseUnifiedDiff(
                        Stream.concat(Stream.of("+++", diff.get(at)), hunk.stream()).toList());
                var lines = List.of(texts.get(Path.of(file)).split("\n", -1)); // -1 keeps the newline at the end
                var delta = change.getDeltas().getFirst();
                boolean done = delta.getTarget().verifyChunk(lines) == VerifyChunk.OK;
                require(delta.getSource().verifyChunk(lines) == VerifyChunk.OK,
                        name + (done ? "already applied" : "does not apply"));
                texts.put(Path.of(file), String.join("\n", change.applyTo(lines)));
            }
        }
    }

    private static long count(List<String> lines, String pattern) {
        return lines.stream().filter(line -> line.matches(pattern)).count();
    }

    private static void require(boolean holds, String otherwise) throws PatchFailedException {
        if (!holds) {
            throw new PatchFailedException(otherwise);
        }
    }
}
