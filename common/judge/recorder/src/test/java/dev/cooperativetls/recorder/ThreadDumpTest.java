package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.recorder.ThreadDump.Mounted;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThreadDumpTest {

    /** As JDK 25 writes it. */
    private static final String DUMP = """
            2026-11-28 05:23:29
            Full thread dump OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing):

            "main" #3 [29709] prio=5 os_prio=0 elapsed=1.06s tid=0x00007f2684027d90 nid=29709 waiting
               java.lang.Thread.State: TIMED_WAITING (parking)
            \tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)
            \tat a.Page.main(Page.java:77)

            "ForkJoinPool-1-worker-1" #24 [29742] daemon prio=5 os_prio=0 elapsed=0.17s tid=0x00007f2684187070
               Carrying virtual thread #23
            \tat jdk.internal.vm.Continuation.run(java.base@25.0.3/Continuation.java:254)
               Mounted virtual thread #23
            \tat java.lang.Object.wait0(java.base@25.0.3/Native Method)
            \t- waiting on <0x0000000687402368> (a java.lang.Object)
            \tat a.Page$$Lambda/0x000000009808aa10.run(Unknown Source)
            \tat a.Page.load(Page.java:15)

            "ForkJoinPool-1-worker-2" #25 [29743] daemon prio=5 os_prio=0 elapsed=0.17s tid=0x00007f2684187080
               Carrying virtual thread #26
            \tat jdk.internal.vm.Continuation.run(java.base@25.0.3/Continuation.java:254)
               Mounted virtual thread #26
            \tat a.Page.touch(Page.java:7)
            \t- waiting on the Class initialization monitor for a.Page$Init
            \tat a.Page.load(Page.java:15)

            """;

    @Test
    void threads_on_a_carrier_are_read_with_their_stacks() {
        ThreadDump dump = ThreadDump.of(Instant.EPOCH, DUMP);

        assertThat(dump.threads()).containsOnlyKeys(23L, 26L);
        Mounted waits = dump.threads().get(23L);
        assertThat(waits.stack().names()).containsExactly("java.lang.Object.wait0",
                "a.Page$$Lambda/0x000000009808aa10.run", "a.Page.load");
        assertThat(waits.stack().place()).isEqualTo("a.Page.load");
        assertThat(waits.stack().isParked()).isTrue();
        assertThat(waits.waitsFor()).isNull();
    }

    @Test
    void the_class_that_a_thread_waits_for_is_read() {
        assertThat(ThreadDump.of(Instant.EPOCH, DUMP).threads().get(26L).waitsFor()).isEqualTo("a.Page$Init");
    }

    @Test
    void a_dump_without_virtual_threads_has_none() {
        assertThat(ThreadDump.of(Instant.EPOCH, "").threads()).isEmpty();
    }
}
