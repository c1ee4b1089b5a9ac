package dev.cooperativetls.bench.calls;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of this package; the arguments are how many JVMs, how many seconds in each, and which. */
final class CallsProgram {

    private CallsProgram() {}

    public static void main(String... arguments) throws RunnerException {
        int iterations = Integer.parseInt(arguments[1]);
        new Runner(new OptionsBuilder()
                .include(CallsProgram.class.getPackageName() + "\\." + arguments[2])
                .forks(Integer.parseInt(arguments[0]))
                .warmupIterations(iterations).warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations).measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                // The calls are a virtual thread's, on its one carrier.
                .jvmArgs("-Djmh.executor=VIRTUAL", "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow",
                        "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED")
                .build()).run();
    }
}
