package dev.cooperativetls.verdict;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Where a program of these tests prints its events: the file that {@code --json=FILE}, its last argument, names. */
final class Events {

    private final PrintStream out;

    private Events(PrintStream out) {
        this.out = out;
    }

    static Events of(String... args) {
        try {
            return new Events(new PrintStream(new FileOutputStream(file(args).toFile()), true));
        } catch (FileNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    static Path file(String... args) {
        return Path.of(args[args.length - 1].replace("--json=", ""));
    }

    void print(String format, Object... values) {
        out.print(String.format(Locale.ROOT, format, values) + "\n"); // in one piece, since all threads print
    }

    void close() {
        out.close();
    }
}
