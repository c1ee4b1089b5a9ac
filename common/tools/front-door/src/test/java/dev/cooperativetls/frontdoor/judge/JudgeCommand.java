package dev.cooperativetls.frontdoor.judge;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Runs {@code judge} in this JVM. */
final class JudgeCommand {

    private JudgeCommand() {}

    record Result(int exitCode, String out, String err) {}

    static synchronized Result run(Object... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int exitCode = Judge.run(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
            return new Result(exitCode, printed.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
