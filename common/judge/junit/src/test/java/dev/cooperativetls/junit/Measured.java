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

/** A test class without an extension, with ours, and with that of Quarkus; and a program that runs one of these. */
abstract class Measured {

    /** Ten threads sleep, so an extension finds nothing. */
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
     * Prints the time of each test in milliseconds.
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
