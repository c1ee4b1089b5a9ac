package dev.cooperativetls.verdict;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** The file to which a program of these tests writes its events. Its last argument, {@code --json=FILE}, names it. */
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
        out.print(String.format(Locale.ROOT, format, values) + "\n"); // one call, because several threads print
    }

    void close() {
        out.close();
    }
}
