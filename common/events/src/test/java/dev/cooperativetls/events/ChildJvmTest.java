package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChildJvmTest {

    private static final Duration LONG = Duration.ofSeconds(100);

    /** A child program that executes the commands of its standard input and ignores the end of the input. */
    static final class Obedient {

        private Obedient() {}

        public static void main(String... args) throws Exception {
            var input = new Scanner(System.in);
            System.out.println("ready");
            while (input.hasNextLine()) {
                String[] command = input.nextLine().split(" ", 2);
                switch (command[0]) {
                    case "print" -> System.out.println(command[1]);
                    case "exit" -> System.exit(Integer.parseInt(command[1]));
                    case "create-at-exit" -> atExit(() -> Files.createFile(Path.of(command[1])));
                    case "never-exit" -> atExit(new CountDownLatch(1)::await);
                    default -> throw new IllegalArgumentException(command[0]);
                }
            }
            new CountDownLatch(1).await();
        }

        private interface Task {
            void run() throws Exception;
        }

        private static void atExit(Task task) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    task.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
            System.out.println("agreed");
        }
    }

    private static ChildJvm start() throws Exception {
        var child = ChildJvm.start(List.of("-cp", System.getProperty("java.class.path"),
                Obedient.class.getName()));
        assertThat(child.readLine(LONG)).contains("ready");
        return child;
    }

    @Test
    void lines_are_read_one_by_one_and_every_later_read_reports_the_end() throws Exception {
        try (ChildJvm child = start()) {
            child.writeLine("print \u00fcber");
            assertThat(child.readLine(LONG)).contains("\u00fcber");
            child.writeLine("print ");
            assertThat(child.readLine(LONG)).contains("");
            child.writeLine("exit 7");
            assertThat(child.readLine(LONG)).isEmpty();
            assertThat(child.readLine(LONG)).isEmpty();
        }
    }

    @Test
    void a_read_that_times_out_returns_empty_and_the_line_can_still_be_read() throws Exception {
        try (ChildJvm child = start()) {
            assertThat(child.readLine(Duration.ofMillis(1))).isEmpty();
            assertThat(child.readLine(Duration.ZERO)).isEmpty();
            child.writeLine("print late");
            assertThat(child.readLine(LONG)).contains("late");
        }
    }

    @Test
    void the_exit_code_is_available_after_the_end() throws Exception {
        try (ChildJvm child = start()) {
            assertThat(child.isAlive()).isTrue();
            assertThat(child.exitCode(Duration.ZERO)).isEmpty();
            child.writeLine("exit 7");
            assertThat(child.exitCode(LONG)).hasValue(7);
            assertThat(child.isAlive()).isFalse();
            assertThatIOException().isThrownBy(() -> child.writeLine("print lost"));
        }
    }

    @Test
    void a_child_that_ignores_the_end_of_its_input_is_ended_normally(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("cleaned-up");
        ChildJvm child = start();
        child.writeLine("create-at-exit " + file);
        assertThat(child.readLine(LONG)).contains("agreed");

        child.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(file).exists();
        child.close();
    }

    @Test
    void a_child_that_does_not_end_normally_is_ended_by_force() throws Exception {
        ChildJvm child = start();
        child.writeLine("never-exit");
        assertThat(child.readLine(LONG)).contains("agreed");

        child.close();

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void an_interrupt_does_not_keep_close_from_ending_the_child() throws Exception {
        ChildJvm child = start();
        Thread.currentThread().interrupt();

        child.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void lines_of_standard_error_are_passed_to_a_listener() throws Exception {
        var errors = new LinkedBlockingQueue<String>();
        try (ChildJvm child = ChildJvm.start(ChildJvm.OWN_JDK, List.of("no.such.Program"), errors::add)) {
            assertThat(errors.poll(LONG.toNanos(), TimeUnit.NANOSECONDS)).contains("no.such.Program");
            assertThat(child.exitCode(LONG)).hasValue(1);
        }
    }

    @Test
    void a_missing_jdk_is_an_error(@TempDir Path folder) {
        assertThatIOException().isThrownBy(() -> ChildJvm.start(folder, List.of("-version"), _ -> {}));
    }

    @Test
    void a_program_that_cannot_start_has_an_exit_code_and_no_lines() throws Exception {
        try (ChildJvm child = ChildJvm.start(List.of("no.such.Program"))) {
            assertThat(child.readLine(LONG)).isEmpty();
            assertThat(child.exitCode(LONG)).hasValue(1);
        }
    }
}
