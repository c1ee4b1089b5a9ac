package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Measures the cost of the extension and of Quarkus's extension, in turn, each in new JVMs. With
 * {@code -Dreadmes.update=true} it writes the table into the README.
 */
@Tag("long")
class CostIT {

    private static final int ROUNDS = Integer.getInteger("rounds", 1);

    /** The times of a test class in all rounds, in milliseconds: of its first test, and of the tests after it. */
    private record Times(List<Long> first, List<Long> others) {}

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void the_readme_has_the_cost() throws Exception {
        Map<String, Times> times = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Class<?> tests : List.of(Measured.Alone.class, Measured.Ours.class, Measured.Quarkus.class)) {
                Times of = times.computeIfAbsent(tests.getSimpleName(), _ -> new Times(new ArrayList<>(),
                        new ArrayList<>()));
                List<Long> run = run(tests);
                of.first.add(run.getFirst());
                of.others.addAll(run.subList(1, run.size()));
            }
        }
        Readme.assertShows("CostIT", table(times));
    }

    private static String table(Map<String, Times> times) {
        Times alone = times.get("Alone");
        return """
                | | first test | each test after it |
                |---|---|---|
                | `@ShouldNotHoldCarrier` | %s | %s |
                | Quarkus's `@VirtualThreadUnit` and `@ShouldNotPin` | %s | %s |

                *Medians of %s JVMs each on %s, JDK %s, %s cores.*
                """.formatted(more(times.get("Ours").first, alone.first), more(times.get("Ours").others, alone.others),
                more(times.get("Quarkus").first, alone.first), more(times.get("Quarkus").others, alone.others),
                ROUNDS, LocalDate.now(ZoneOffset.UTC), Runtime.version(), Runtime.getRuntime().availableProcessors());
    }

    private static String more(List<Long> times, List<Long> alone) {
        return "+ %s ms".formatted(median(times) - median(alone));
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    private static List<Long> run(Class<?> tests) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Measured.class.getName(), tests.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<Long> times = new ArrayList<>();
        process.inputReader().lines().forEach(line -> {
            assertThat(line).startsWith("SUCCESSFUL ");
            times.add(Long.valueOf(line.split(" ")[1]));
        });
        assertThat(process.waitFor()).isZero();
        return times;
    }
}
