package com.acme;

import dev.cooperativetls.junit.ShouldNotHoldCarrier;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@ShouldNotHoldCarrier
class DriverTest {

    private static final Duration TIME = Duration.ofMillis(500);

    @Test
    void a_wait_in_native_code() throws Exception {
        Native.onVirtualThreads(4, () -> Native.poll(TIME));
    }

    @Test
    void a_park_below_a_native_frame() throws Exception {
        Native.onVirtualThreads(4, () -> Native.parkUnderQsort(TIME));
    }

    /** A class whose static initialiser waits. A static initialiser pins in any wait. */
    private static final class Configuration {
        private static final long LOADED = load();

        private static long load() {
            Native.sleep(TIME);
            return System.nanoTime();
        }
    }

    @Test
    void a_class_initialiser() throws Exception {
        Native.onVirtualThreads(4, () -> System.out.println(Configuration.LOADED));
    }

    @Test
    @ShouldNotHoldCarrier(kinds = Kind.COMPUTING)
    void a_spin() throws Exception {
        Native.onVirtualThreads(1, () -> Native.spin(TIME));
    }

    @Test
    @ShouldNotHoldCarrier(kinds = {Kind.NATIVE, Kind.PINNED, Kind.COMPUTING})
    void a_long_statement_of_sqlite() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                var statement = connection.createStatement()) {
            Native.onVirtualThreads(1, () -> Native.unchecked(() -> statement.executeQuery(
                    "with recursive n(i) as (values(1) union all select i + 1 from n where i < 5000000)"
                            + " select sum(i) from n")));
        }
    }

    @Test
    void a_platform_thread_that_waits_in_native_code() throws Exception {
        Thread.ofPlatform().start(() -> Native.poll(TIME)).join();
    }
}
