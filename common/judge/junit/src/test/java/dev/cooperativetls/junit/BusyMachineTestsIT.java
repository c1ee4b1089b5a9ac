package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.sun.net.httpserver.HttpServer;
import dev.cooperativetls.testkit.BusyMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Judges clean and slow tests repeatedly while all cores are busy. {@code .ci/judge-under-load} runs it. */
@Tag("by-hand")
class BusyMachineTestsIT {

    private static final int RUNS = Integer.getInteger("runs", 200);
    private static final int CHATS = 20;

    @ShouldNotHoldCarrier
    static class Tests {

        @Test
        void clean_sleep() throws Exception {
            Blocking.onVirtualThreads(10, () -> Blocking.sleep(Duration.ofMillis(200)));
        }

        /** Makes many short calls of native code, in a JVM in which other threads are in native code too. */
        @Test
        void clean_requests() throws Exception {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 3);
                exchange.getResponseBody().write("yes".getBytes());
                exchange.close();
            });
            ExecutorService executor = Executors.newFixedThreadPool(4);
            server.setExecutor(executor);
            server.start();
            try {
                URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
                Blocking.onVirtualThreads(10, () -> {
                    for (int i = 0; i < CHATS; i++) {
                        try (InputStream answer = uri.toURL().openStream()) {
                            answer.readAllBytes();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                });
            } finally {
                server.stop(0);
                executor.shutdown();
            }
        }

        @Test
        void slow_native() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(Duration.ofMillis(300)));
        }

        @Test
        void slow_pinned() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.parkUnderQsort(Duration.ofMillis(100)));
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void no_outcome_is_wrong() {
        Map<String, Integer> outcomes = new TreeMap<>();
        try (var _ = BusyMachine.start()) {
            for (int i = 0; i < RUNS; i++) {
                EngineTestKit.engine("junit-jupiter").selectors(selectClass(Tests.class)).execute().testEvents()
                        .finished().stream().forEach(event -> {
                            TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
                            String name = event.getTestDescriptor().getDisplayName();
                            outcomes.merge(name + " " + result.getStatus(), 1, Integer::sum);
                            if (name.startsWith("clean") && result.getThrowable().isPresent()) {
                                result.getThrowable().get().printStackTrace(System.out);
                            }
                        });
            }
        }
        System.out.println(RUNS + " runs of each test: " + outcomes);
        assertThat(outcomes).doesNotContainKeys("clean_sleep() FAILED", "clean_requests() FAILED",
                "slow_native() SUCCESSFUL", "slow_pinned() SUCCESSFUL");
        int noVerdict = outcomes.entrySet().stream().filter(one -> one.getKey().endsWith("ABORTED"))
                .mapToInt(Map.Entry::getValue).sum();
        assertThat(noVerdict).isLessThan(Math.max(1, 4 * RUNS / 50));
    }
}
