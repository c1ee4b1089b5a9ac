package com.acme;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests without the annotation, in a project that has other tests with it. */
class OrdinaryTest {

    @Test
    void waits_in_native_code_and_is_not_judged() throws Exception {
        Native.onVirtualThreads(2, () -> Native.poll(Duration.ofSeconds(1)));
    }

    @Test
    void fails_for_another_reason() {
        fail("another reason");
    }
}
