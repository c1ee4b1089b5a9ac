package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.events.Jar;
import dev.cooperativetls.events.MethodTime;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.events.Start.SslContexts;
import dev.cooperativetls.recorder.CarrierRecording;
import dev.cooperativetls.verdict.TalkingProgram.Part;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ObserverTest {

    @AfterEach
    void nothing_is_left_behind() {
        Leftovers.assertNone();
    }

    @Test
    void the_events_of_the_program_are_observed() throws Exception {
        Observation seen = recorded(Part.GOOD).delaySeconds(1).observe();

        assertThat(seen.pageCount()).isEqualTo(2);
        assertThat(seen.pages()).containsExactly(
                new Page(0, 200, 9, null, null, 0.1, 0.2, 0.3, null, 0.4, 1.4, 1.5),
                new Page(1, 200, 9, null, null, 0.1, 0.2, 0.3, null, 0.4, 1.4, 1.5));
        assertThat(seen.elapsedSeconds()).isEqualTo(1.5);
        assertThat(seen.timedOut()).isFalse();
        assertThat(seen.delaySeconds()).hasValue(1);
        assertThat(seen.carriers()).isEqualTo(1);
        assertThat(seen.socketClass()).isEqualTo("a.Socket");
        assertThat(seen.provider()).isEqualTo("SunJSSE: of the JDK");
        assertThat(seen.jdk()).isEqualTo("25");
        assertThat(seen.verdict()).contains(Verdict.FAST);
    }

    @Test
    void a_thousand_pages_are_reported_one_by_one_in_the_observing_thread() throws Exception {
        List<Integer> reported = new ArrayList<>();
        Thread observing = Thread.currentThread();

        Observation seen = program(Part.THOUSAND_PAGES).onPage(page -> {
            assertThat(Thread.currentThread()).isSameAs(observing);
            reported.add(page.page());
        }).observe();

        assertThat(reported).hasSize(1_000).isSorted();
        assertThat(seen.valid()).isEqualTo(1_000);
        assertThat(seen.verdict()).contains(Verdict.FAST);
    }

    @Test
    void the_flight_recording_is_there_for_the_listener_and_is_deleted_afterwards() throws Exception {
        List<Path> recordings = new ArrayList<>();

        recorded(Part.GOOD).onRecording(recording -> {
            assertThat(recording).isNotEmptyFile();
            recordings.add(recording);
        }).observe();

        assertThat(recordings).singleElement().satisfies(recording -> assertThat(recording).doesNotExist());
    }

    @Test
    void the_timeout_and_json_come_after_all_other_arguments() throws Exception {
        Observation seen = program(Part.REPORTS_ITS_ARGUMENTS).arguments("--url", "x").within(Duration.ofMillis(90_500))
                .observe();

        assertThat(seen.pages().getFirst().problem())
                .matches("REPORTS_ITS_ARGUMENTS --url x --timeout 90.500 --json=/\\S+");
    }

    @Test
    void facts_about_the_program_are_kept() throws Exception {
        List<Start> starts = new ArrayList<>();

        Details details = program(Part.REPORTS_ALL).onStart(starts::add).observe().details();

        assertThat(starts).singleElement().extracting(Start::sslContexts).isEqualTo(new SslContexts("theirs", "ours"));
        assertThat(details.jars()).containsExactly(new Jar("fetch", "1.0"));
        assertThat(details.cpuSeconds()).isEqualTo(0.25);
        assertThat(details.profile()).containsExactly(new MethodTime("a.B.c", 2, 0.5, 0.75));
        assertThat(details.trace()).containsExactly(new Call(0.125, 0.5, "page-0", 1, "a.B.c"));
        assertThat(details.program()).contains("REPORTS_ALL", "--timeout");
    }

    @Test
    void facts_that_the_program_does_not_report_are_null() throws Exception {
        Details details = program(Part.GOOD).observe().details();

        assertThat(details).extracting(Details::cpuSeconds, Details::jars, Details::profile, Details::trace)
                .containsOnlyNulls();
    }

    @Test
    void a_program_that_refuses_its_arguments_has_its_own_exception() {
        assertThatExceptionOfType(ProgramRefused.class).isThrownBy(() -> program(Part.REFUSES).observe());
    }

    @ParameterizedTest
    @CsvSource({
        "ENDS_EARLY, the program ended with exit code 3 before it was done",
        "ENDS_BEFORE_IT_BEGINS, the program ended with exit code 0 before it was done",
        "PRINTS_GARBAGE, 'the program wrote a line that is not an event: Hello, world'",
        "PRINTS_A_NUMBER, the program wrote a line that is not an event: 42",
        "PRINTS_AN_EMPTY_LINE, 'the program wrote a line that is not an event: '",
        "PRINTS_A_BROKEN_START, 'the program wrote a line that is not an event:"
                + " {\"event\":\"start\",\"time\":\"noon\"}'",
        "PRINTS_A_BROKEN_PAGE, 'the program wrote a line that is not an event: {\"event\":\"page\",\"page\":\"one\"}'"
    })
    void a_program_that_breaks_the_protocol_is_an_error(Part part, String message) {
        assertThatIOException().isThrownBy(() -> program(part).observe()).withMessage(message);
    }

    @Test
    void a_start_without_carriers_is_an_error() {
        assertThatIOException().isThrownBy(() -> program(Part.PRINTS_A_START_WITHOUT_CARRIERS).observe())
                .withMessageContaining("not an event");
    }

    @Test
    void a_program_that_never_begins_is_an_error() {
        assertThatIOException()
                .isThrownBy(() -> program(Part.SAYS_NOTHING)
                        .within(Duration.ofSeconds(2)).withGrace(Duration.ZERO).observe())
                .withMessage("the program did not begin within 2 s");
    }

    @Test
    void programs_that_begin_and_never_end_are_hung_even_if_observed_at_the_same_time() throws Exception {
        List<Part> parts = List.of(Part.NEVER_ENDS, Part.NEVER_STOPS_TALKING, Part.CLOSES_ITS_OUTPUT);
        try (ExecutorService observers = Executors.newFixedThreadPool(parts.size())) {
            List<Future<Observation>> runs = observers.invokeAll(parts.stream().<Callable<Observation>>map(part ->
                    () -> program(part).within(Duration.ofSeconds(8)).withGrace(Duration.ofSeconds(4)).observe())
                    .toList());

            for (Future<Observation> run : runs) {
                assertThat(run.get().verdict()).contains(Verdict.HUNG);
                assertThat(run.get().elapsedSeconds()).isPositive();
            }
        }
    }

    @Test
    void a_program_that_reports_a_timeout_is_hung_even_without_a_recording() throws Exception {
        Observation seen = recorded(Part.TIMES_OUT).observe();

        assertThat(seen.verdict()).contains(Verdict.HUNG);
        assertThat(seen.carrierBlocks()).isEmpty();
    }

    @Test
    void a_program_that_is_done_but_does_not_exit_is_ended_and_judged() throws Exception {
        Observation seen = recorded(Part.ENDS_BUT_STAYS).withGrace(Duration.ofSeconds(1)).observe();

        assertThat(seen.verdict()).contains(Verdict.FAST);
    }

    @Test
    void a_run_without_a_recording_is_an_error() {
        assertThatIOException().isThrownBy(() -> recorded(Part.IS_HALTED).observe())
                .withMessageStartingWith("the program left no flight recording");
    }

    @Test
    void a_jvm_that_cannot_record_is_observed_without_carrier_blocks() throws Exception {
        Observation seen = recorded(Part.GOOD).jvmOptions("-XX:-FlightRecorder").observe();

        assertThat(seen.valid()).isEqualTo(2);
        assertThat(seen.carrierBlocks()).isEmpty();
    }

    @Test
    void a_jvm_that_does_not_start_is_an_error() {
        assertThatIOException().isThrownBy(() -> program(Part.GOOD).jvmOptions("-XX:NoSuchOption").observe())
                .withMessage("the program ended with exit code 1 before it was done");
    }

    @Test
    void a_jar_that_is_not_there_is_an_error() {
        assertThatIOException().isThrownBy(() -> Observer.ofJar(Path.of("no-such.jar")).observe())
                .withMessage("the program ended with exit code 1 before it was done");
    }

    @Test
    void a_warning_of_the_jvm_is_no_event() throws Exception {
        Observation seen = program(Part.GOOD).jvmOptions("-XX:SharedArchiveFile=no-such.jsa").observe();

        assertThat(seen.valid()).isEqualTo(2);
    }

    @Test
    void a_listener_that_throws_ends_the_program() {
        assertThatIllegalStateException().isThrownBy(() -> program(Part.NEVER_ENDS).onPage(_ -> {
            throw new IllegalStateException("the listener's own");
        }).observe()).withMessage("the listener's own");
    }

    @Test
    void an_interrupt_ends_the_program() {
        Thread observing = Thread.currentThread();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> program(Part.NEVER_ENDS).onPage(_ -> observing.interrupt()).observe());
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_temporary_folder_may_have_spaces_and_commas_in_its_name(@TempDir Path folder) throws Exception {
        Path odd = Files.createDirectory(folder.resolve("a folder, of ours"));
        Process observer = observingProgram(odd);
        try (BufferedReader output = observer.inputReader()) {
            assertThat(output.readLine()).isEqualTo("observing");
        } finally {
            observer.destroy();
            observer.waitFor();
        }
        assertThat(Leftovers.in(odd)).isEmpty();
    }

    @Test
    void an_observer_that_is_ended_from_outside_leaves_neither_the_program_nor_files(@TempDir Path folder)
            throws Exception {
        Process observer = observingProgram(folder);
        List<ProcessHandle> observed;
        try (BufferedReader output = observer.inputReader()) {
            assertThat(output.readLine()).isEqualTo("observing");
            observed = observer.children().toList();
            assertThat(observed).hasSize(1);
            assertThat(Leftovers.in(folder)).hasSize(1);
        } finally {
            observer.destroy(); // SIGTERM, which runs the same hooks as Ctrl-C
            observer.waitFor();
        }

        assertThat(observed.getFirst().isAlive()).isFalse();
        assertThat(Leftovers.in(folder)).isEmpty();
    }

    /** Native libraries print to standard output too. Such text is not an event, and not a part of one. */
    @Test
    void standard_output_of_a_program_is_passed_on(@TempDir Path folder) throws Exception {
        Process observer = observing(Part.PRINTS_TO_STANDARD_OUTPUT, folder).start();
        try (BufferedReader errors = observer.errorReader()) {
            assertThat(errors.readLine()).isEqualTo("a native library, version {\"event\":\"page\"");
            assertThat(errors.readLine()).isNull();
        }
        assertThat(observer.waitFor()).isZero();
    }

    @Test
    void a_program_may_print_its_events_among_other_lines() throws Exception {
        assertThat(program(Part.PRINTS_ITS_EVENTS).observe().verdict()).contains(Verdict.FAST);
    }

    @Test
    void a_program_may_create_and_delete_its_file_before_it_writes_events() throws Exception {
        assertThat(program(Part.TRIES_ITS_FILE).observe().verdict()).contains(Verdict.FAST);
    }

    private static Process observingProgram(Path temporaryFiles) throws IOException {
        return observing(Part.NEVER_ENDS, temporaryFiles).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static ProcessBuilder observing(Part part, Path temporaryFiles) {
        String classPath = Stream.of(ObservingProgram.class, Observer.class, ChildJvm.class, CarrierRecording.class,
                        JsonMapper.class, JsonFactory.class, JsonProperty.class, AbstractAssert.class)
                .map(type -> Programs.classes(type).toString())
                .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporaryFiles, "-cp", classPath,
                ObservingProgram.class.getName(), part.name());
    }

    private static Observer recorded(Part part) {
        return Programs.observer(TalkingProgram.class).arguments(part.name());
    }

    /** Returns an observer without a flight recording, which would take time and is not needed. */
    private static Observer program(Part part) {
        return recorded(part).withoutRecording();
    }
}
