package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of the sockets in long runs and with many connections. A subclass names the form on its class path. */
@Tag("long")
public abstract class EnduranceContract {

    private static final int FAILURES = 1_000;

    /** The longest time in which a server's thread must end and a selector must drop a closed channel. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    /** In a run with fewer samples, the heap of the JVM is still growing to its normal size. */
    private static final int WARM_SAMPLES = 8;

    private final WrapperForm form;

    /**
     * Avoids a deadlock in the JDK. Virtual threads on one carrier and platform threads check certificates at the same
     * time. A virtual thread that waits until this class is initialised blocks the carrier. The platform thread that
     * initialises the class waits for a lock, which another virtual thread has.
     */
    @BeforeAll
    static void initialize_the_class_that_all_checks_need() throws ClassNotFoundException {
        Class.forName("sun.security.util.AnchorCertificates");
    }

    protected EnduranceContract(WrapperForm form) {
        this.form = form;
    }

    /** {@code -Dfuzz.connections=100000} tries more; {@code -Dfuzz.seed=7 -Dfuzz.connections=1} repeats one. */
    @Test
    @Tag("fuzz")
    void every_connection_ends_with_the_right_answer_or_a_documented_exception() throws Exception {
        assertThat(new Fuzz(form).play(Long.getLong("fuzz.seed", 1), Long.getLong("fuzz.connections", 1_000)))
                .as("to repeat one: -Dtest=%s -Dgroups=fuzz -DexcludedGroups= -Dfuzz.seed=… -Dfuzz.connections=1",
                        getClass().getSimpleName())
                .isEmpty();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_thousand_failures_of_every_kind_leave_descriptors_and_threads_as_they_were() throws Exception {
        try (FaultyPages pages = new FaultyPages()) {
            fail(pages, FAILURES / 5); // opens the files and starts the threads that stay
            long descriptors = Usage.countDescriptors();
            List<String> threads = Usage.listThreads();
            fail(pages, FAILURES);
            assertSettled(descriptors, threads);
        }
    }

    /** {@code -Dlong-run.seconds=1800} is half an hour. */
    @Test
    @Tag("long-run")
    void in_a_long_run_no_page_is_lost_and_nothing_grows() throws Exception {
        Duration duration = Duration.ofSeconds(Long.getLong("long-run.seconds", 10));
        try (FaultyPages pages = new FaultyPages()) {
            fail(pages, 4 * Fault.values().length);
            Usage before = Usage.now();
            System.out.println("before: " + before);
            LongRun run = new LongRun(form, pages);
            run.run(duration);
            System.out.printf("at the end: %s; the longest, in ms: %s%n", run, run.longestMillis());

            assertThat(run.wrong()).isEmpty();
            assertThat(run.lost()).as("lost pages").isZero();
            assertSettled(before.descriptors(), before.threads());
            Usage after = Usage.now();
            System.out.println("after: " + after);

            Usage early = run.samples().get(run.samples().size() / 4);
            Usage late = run.samples().getLast();
            assertThat(run.samples()).extracting(Usage::descriptors).allSatisfy(descriptors -> assertThat(descriptors)
                    .isLessThanOrEqualTo(before.descriptors() + 3 * LongRun.AT_ONCE));
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + (32 << 20));
            assertThat(after.residentBytes()).isLessThan(before.residentBytes() + (512 << 20));
            if (run.samples().size() >= WARM_SAMPLES) { // the number of large bodies at a time is random
                assertThat(late.heapBytes()).isLessThan(early.heapBytes() + (64 << 20));
                assertThat(late.residentBytes()).isLessThan(early.residentBytes() + (256 << 20));
            }
        }
    }

    /** Causes this number of failures of all kinds, several at once, and checks each. */
    private void fail(FaultyPages pages, int count) throws Exception {
        List<Visitor> visitors = new ArrayList<>();
        for (String call : SocketMode.READ_CALLS) {
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                var mode = new SocketMode(call, SocketMode.BOUNCYCASTLE, protocol, false);
                visitors.add(new Visitor(form, mode, pages));
                visitors.add(new Visitor(form, mode.onThreads(true), pages));
            }
        }
        Fault[] faults = Fault.values();
        AtomicInteger next = new AtomicInteger();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        try (var workers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                workers.execute(() -> {
                    for (int n; (n = next.getAndIncrement()) < count;) {
                        Fault fault = faults[n % faults.length];
                        // Every kind in one mode, then in the next. Interrupts need virtual threads, the odd modes.
                        int mode = n / faults.length % visitors.size() | (fault == Fault.INTERRUPTED ? 1 : 0);
                        Visitor visitor = visitors.get(mode);
                        try {
                            visitor.mode().run(() -> {
                                visitor.meet(fault);
                            });
                        } catch (Exception e) {
                            wrong.add(e);
                        }
                    }
                });
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Waits until there are no more descriptors and threads than before, and fails after a timeout. */
    private static void assertSettled(long descriptors, List<String> threads) throws IOException {
        long end = System.nanoTime() + SETTLING.toNanos();
        while (System.nanoTime() < end
                && (Usage.countDescriptors() > descriptors || Usage.listThreads().size() > threads.size())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(Usage.countDescriptors()).as("descriptors").isLessThanOrEqualTo(descriptors);
        assertThat(Usage.listThreads()).as("threads").hasSizeLessThanOrEqualTo(threads.size());
    }
}
