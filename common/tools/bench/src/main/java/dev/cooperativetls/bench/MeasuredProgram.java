package dev.cooperativetls.bench;

import com.sun.management.ThreadMXBean;
import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.fetch.Fetch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main class of a measured JVM. It runs {@code fetch} several times and prints each {@link Round} as a line of
 * JSON. Its arguments are the number of rounds, the URL, the number of pages, and options of {@code fetch}.
 *
 * <p>If the number of rounds is 0, the program fetches one page, prints its {@link Footprint}, and fetches the pages
 * once. For each byte on its standard input it prints its footprint again. The end of the input ends the program.
 */
final class MeasuredProgram {

    private static final JsonMapper JSON = new JsonMapper();

    private final String[] options;

    private MeasuredProgram(String... options) {
        this.options = options;
    }

    public static void main(String... arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        int pages = Integer.parseInt(arguments[2]);
        var program = new MeasuredProgram(Arrays.copyOfRange(arguments, 3, arguments.length));
        if (rounds == 0) {
            // One page creates the objects that stay.
            program.fetch(URI.create(arguments[1]).resolve("/delay/0.01").toString(), 1);
            print(Footprint.now());
        }
        Thread.ofPlatform().daemon().name("rounds").start(
                () -> program.fetchAndExit(Math.max(1, rounds), arguments[1], pages));
        while (System.in.read() >= 0) {
            print(Footprint.now());
        }
        System.exit(0);
    }

    private void fetchAndExit(int rounds, String url, int pages) {
        try {
            for (int round = 0; round < rounds; round++) {
                print(fetch(url, pages));
            }
            System.exit(0);
        } catch (IOException invalid) {
            System.err.println(invalid.getMessage());
            System.exit(1);
        }
    }

    /**
     * Runs {@code fetch} once.
     *
     * @throws IOException if a page is invalid, or if {@code fetch} has not reported the end of its run
     */
    private Round fetch(String url, int pages) throws IOException {
        var printed = new ByteArrayOutputStream();
        long allocatedBefore = allocatedBytes();
        Fetch.run(new PrintStream(printed, true, StandardCharsets.UTF_8), System.err, Stream.concat(
                Stream.of("--url", url, "--url-count", Integer.toString(pages), "--json"), Arrays.stream(options))
                .toArray(String[]::new));
        long allocated = allocatedBytes() - allocatedBefore;
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty() || !(Event.parse(lines.getLast()) instanceof End end)) {
            throw new IOException("fetch has not reported the end of its run");
        }
        if (end.valid() != pages) {
            String problem = lines.stream().map(Event::parse)
                    .map(event -> event instanceof Page page ? page.problem() : null).filter(Objects::nonNull)
                    .findFirst().orElseThrow();
            throw new IOException("only %s of %s pages are valid (raise ulimit -n if it is too low): %s"
                    .formatted(end.valid(), pages, problem));
        }
        return new Round(end.elapsedSeconds(), end.cpuSeconds() == null ? 0 : end.cpuSeconds(), allocated);
    }

    /** Returns the bytes that all threads have allocated. Allocations of virtual threads count for their carriers. */
    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes();
    }

    private static void print(Object figures) {
        System.out.println(JSON.writeValueAsString(figures));
    }
}
