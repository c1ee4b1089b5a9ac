package dev.cooperativetls.applypatch;

import com.github.difflib.patch.DiffException;
import com.github.difflib.patch.PatchFailedException;
import dev.cooperativetls.applypatch.FileDiff.Action;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A program that copies a source tree and applies unified diffs to the copy.
 *
 * <p>All or nothing: when anything fails, the copy's folder is left empty, so that no stale or half-patched source
 * can be compiled. Only a mistake in the arguments leaves that folder as it was.
 */
@Command(name = "apply-patch", description = "Copies a source tree and applies unified diffs to the copy.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:patched", "1:a patch does not apply, or a file cannot be read or written",
            "2:bad usage, or a patch that cannot be used"})
public final class ApplyPatch implements Callable<Integer> {

    private static final Path PARENT = Path.of("..");

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "The source tree; only read.")
    private Path from;

    @Option(names = "--to", required = true, paramLabel = "DIR",
            description = "The patched copy; whatever else is there is removed.")
    private Path to;

    @Option(names = "--strip", required = true, paramLabel = "PREFIX",
            description = "The path from the repository's root to the source tree, taken off each name in a patch.")
    private Path strip;

    @Parameters(arity = "1..*", paramLabel = "PATCH", description = "Unified diffs as git diff writes them.")
    private List<Path> patches;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Runs the program and ends the JVM with its exit code: 0, 1 or 2, as {@code --help} explains. */
    public static void main(String... args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new ApplyPatch())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((mistake, _) -> {
                    err.println("apply-patch: " + mistake.getMessage() + " (see apply-patch --help)");
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        try {
            checkFolders();
        } catch (IOException e) {
            err.println("apply-patch: " + e);
            return 1;
        }
        try {
            var tree = SourceTree.read(from);
            var report = new ArrayList<String>();
            for (var patch : patches) {
                for (var diff : read(patch)) {
                    apply(diff, tree, patch);
                    report.add(line(diff));
                }
            }
            tree.writeTo(to);
            report.forEach(out::println);
            return 0;
        } catch (PatchFailedException e) {
            return fail(1, e.getMessage());
        } catch (DiffException e) {
            return fail(2, e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return fail(1, "cannot copy " + from + " to " + to + ": " + e);
        }
    }

    /** Refuses, before anything is removed, a copy that would take the source tree or a patch with it. */
    private void checkFolders() throws IOException {
        if (!Files.isDirectory(from)) {
            throw misuse("--from: no such folder: " + from);
        }
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw misuse("--to: not a folder: " + to);
        }
        from = real(from);
        to = real(to);
        if (from.startsWith(to) || to.startsWith(from)) {
            throw misuse("--to: choose a folder apart from --from: " + to);
        }
        for (var patch : patches) {
            if (real(patch).startsWith(to)) {
                throw misuse("--to: choose a folder that does not hold the patch " + patch);
            }
        }
    }

    private ParameterException misuse(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    /** The path with its links followed, as far as it exists. */
    private static Path real(Path path) throws IOException {
        var absolute = path.toAbsolutePath().normalize();
        return Files.exists(absolute) || absolute.getParent() == null
                ? absolute.toRealPath()
                : real(absolute.getParent()).resolve(absolute.getFileName());
    }

    private static List<FileDiff> read(Path patch) throws DiffException, IOException {
        if (!Files.isRegularFile(patch)) {
            throw new DiffException(patch + ": no such patch file");
        }
        try {
            return UnifiedDiff.parse(Files.readString(patch));
        } catch (CharacterCodingException e) {
            throw new DiffException(patch + ": not UTF-8 text; save it as UTF-8");
        } catch (DiffException e) {
            throw new DiffException(patch + ": " + e.getMessage());
        }
    }

    private void apply(FileDiff diff, SourceTree tree, Path patch) throws DiffException {
        var place = patch + ": " + diff.name() + ": ";
        var file = inTree(diff.name(), place);
        if (diff.action() != Action.CREATE && !tree.contains(file)) {
            throw new PatchFailedException(place + "no such file in " + from);
        }
        try {
            var lines = tree.contains(file) ? Line.split(decode(tree.get(file))) : List.<Line>of();
            var patched = diff.applyTo(lines);
            switch (diff.action()) {
                case CHANGE -> tree.put(file, encode(patched));
                case CREATE -> {
                    if (tree.contains(file)) {
                        throw new PatchFailedException("the patch creates this file, but it is there already");
                    }
                    tree.put(file, encode(patched));
                }
                case DELETE -> {
                    if (!patched.isEmpty()) {
                        throw new PatchFailedException("the patch deletes this file, but not all of its lines");
                    }
                    tree.remove(file);
                }
            }
        } catch (CharacterCodingException e) {
            throw new PatchFailedException(place + "not UTF-8 text");
        } catch (PatchFailedException e) {
            throw new PatchFailedException(place + e.getMessage());
        }
    }

    private Path inTree(String name, String place) throws DiffException {
        try {
            var path = Path.of(name);
            var root = strip.normalize();
            if (path.getRoot() != null || StreamSupport.stream(path.spliterator(), false).anyMatch(PARENT::equals)) {
                throw new DiffException(place + "the name leaves the source tree");
            }
            if (root.toString().isEmpty()) {
                return path;
            }
            if (!path.startsWith(root) || path.equals(root)) {
                throw new DiffException(place + "not below --strip " + strip);
            }
            return root.relativize(path);
        } catch (InvalidPathException e) {
            throw new DiffException(place + "not a file name here: " + e.getReason());
        }
    }

    private static String decode(byte[] content) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    }

    private static byte[] encode(List<Line> lines) {
        return Line.join(lines).getBytes(StandardCharsets.UTF_8);
    }

    private static String line(FileDiff diff) {
        int hunks = diff.hunks().size();
        var verb = switch (diff.action()) {
            case CREATE -> "created";
            case CHANGE -> "patched";
            case DELETE -> "deleted";
        };
        var name = Path.of(diff.name()).getFileName();
        return "%s %s (%d %s)".formatted(verb, name, hunks, hunks == 1 ? "hunk" : "hunks");
    }

    private int fail(int exitCode, String message) {
        var err = spec.commandLine().getErr();
        err.println("apply-patch: " + message);
        try {
            if (Files.exists(to)) {
                new SourceTree().writeTo(to);
            }
        } catch (IOException | UncheckedIOException e) {
            err.println("apply-patch: cannot empty " + to + ", so remove it yourself: " + e);
        }
        return exitCode;
    }
}
