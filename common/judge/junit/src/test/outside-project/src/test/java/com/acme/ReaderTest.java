package com.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.junit.CarrierHolds;
import dev.cooperativetls.junit.ShouldHoldCarrier;
import dev.cooperativetls.junit.ShouldNotHoldCarrier;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@ShouldNotHoldCarrier
class ReaderTest {

    private static final Duration TIME = Duration.ofMillis(500);

    @Test
    void readers_wait_together() throws Exception {
        Native.onVirtualThreads(10, () -> Native.sleep(TIME));
    }

    @Test
    @ShouldHoldCarrier(by = "com.acme.Native::poll") // a known fault: the test fails when it is fixed
    void the_old_reader_waits_in_native_code() throws Exception {
        Native.onVirtualThreads(2, () -> Native.poll(TIME));
    }

    @Test
    @ShouldNotHoldCarrier(allow = "com.acme.Native::poll")
    void only_the_old_reader_does(CarrierHolds holds) throws Exception {
        Native.onVirtualThreads(2, () -> Native.poll(TIME));
        assertThat(holds.longest()).hasValueSatisfying(hold -> assertThat(hold.frame()).endsWith("Native.poll"));
        assertThat(holds).areByNobody(); // an allowed hold does not count
    }
}
