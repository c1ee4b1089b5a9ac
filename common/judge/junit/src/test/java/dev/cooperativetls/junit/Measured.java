package dev.cooperativetls.junit;

import io.quarkus.test.junit.virtual.ShouldNotPin;
import io.quarkus.test.junit.virtual.VirtualThreadUnit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One test class without an extension, with this module's, and with Quarkus's; a program that runs one of them. */
abstract class Measured {

    /** Ten threads that sleep: whoever looks at them finds nothing. */
    @RepeatedTest(5)
    void threads_sleep() throws Exception {
        Blocking.onVirtualThreads(10, () -> Blocking.sleep(Duration.ofMillis(50)));
    }

    static class Alone extends Measured {}

    @ShouldNotHoldCarrier
    static class Ours extends Measured {}

    @VirtualThreadUnit
    @ShouldNotPin
    static class Quarkus extends Measured {}

    /**
     * Prints of each test how long it took, in milliseconds.
     *
     * @param args the name of the test class
     */
    public static void main(String... args) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(args[0])).build();
        Map<TestIdentifier, Long> starts = new ConcurrentHashMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionStarted(TestIdentifier test) {
                starts.put(test, System.nanoTime());
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    System.out.println(result.getStatus() + " " + (System.nanoTime() - starts.get(test)) / 1_000_000);
                }
                result.getThrowable().ifPresent(Throwable::printStackTrace);
            }
        });
    }
}
