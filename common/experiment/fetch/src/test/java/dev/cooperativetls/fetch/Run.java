package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The output and the exit code of one run of the program. */
record Run(int exitCode, String out, String err) {

    /** Runs the program in this JVM, without a warm-up, because a scripted server expects only requests for pages. */
    static Run of(String... args) {
        return withWarmUp(Stream.concat(Stream.of("--no-warm-up"), Stream.of(args)).toArray(String[]::new));
    }

    static Run withWarmUp(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = Fetch.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), args);
        return new Run(exitCode, lines(out), lines(err));
    }

    /** Starts the program in a separate JVM, without a warm-up. */
    static Process process(List<String> jvmArgs, String... args) throws IOException {
        return new ProcessBuilder(command(jvmArgs, args)).start();
    }

    static List<String> command(List<String> jvmArgs, String... args) {
        // Such a JVM ends before the C2 compiler or a parallel collector could save time.
        var java = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        java.addAll(jvmArgs);
        java.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Fetch.class.getName(), "--no-warm-up"));
        java.addAll(List.of(args));
        return ChildJvm.command(ChildJvm.OWN_JDK, java);
    }

    private static String lines(ByteArrayOutputStream printed) {
        return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    List<Event> events() {
        return out.lines().map(Event::parse).toList();
    }

    <T extends Event> List<T> events(Class<T> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    Start start() {
        return events(Start.class).getFirst();
    }

    List<Page> pages() {
        return events(Page.class);
    }

    Page page(int id) {
        return pages().stream().filter(page -> page.page() == id).findFirst().orElseThrow();
    }

    End end() {
        return events(End.class).getLast();
    }

    /** Asserts the numbers of valid and invalid pages, and that the end and the exit code agree with them. */
    Run assertTotals(int valid, int invalid, boolean timedOut) {
        assertThat(pages()).hasSize(valid + invalid);
        assertThat(pages()).filteredOn(Page::valid).hasSize(valid);
        assertThat(events(End.class)).singleElement().satisfies(end -> {
            assertThat(end.valid()).isEqualTo(valid);
            assertThat(end.invalid()).isEqualTo(invalid);
            assertThat(end.timedOut()).isEqualTo(timedOut);
        });
        assertThat(exitCode).isEqualTo(invalid == 0 ? 0 : 1);
        return this;
    }
}
