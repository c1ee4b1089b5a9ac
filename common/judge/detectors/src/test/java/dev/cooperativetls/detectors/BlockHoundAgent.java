package dev.cooperativetls.detectors;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;

/** BlockHound, configured so that virtual threads must not block. */
final class BlockHoundAgent implements Detector {

    private final boolean knowsPoll;

    /**
     * Creates the detector.
     *
     * @param knowsPoll whether the method in which the provider of stage-01 waits is marked as blocking
     */
    BlockHoundAgent(boolean knowsPoll) {
        this.knowsPoll = knowsPoll;
    }

    @Override
    public String title() {
        return "BlockHound %s%s".formatted(Detector.version(BlockHound.class),
                knowsPoll ? ", with `Poll.poll` marked by hand" : "");
    }

    @Override
    public List<String> jvmOptions() {
        return List.of("-XX:+AllowRedefinitionToAddDeleteMethods", "-XX:+EnableDynamicAgentLoading");
    }

    @Override
    public String watch(WatchedProgram program) throws InterruptedException {
        Map<BlockingMethod, StackTraceElement[]> blocks = new ConcurrentHashMap<>();
        BlockHound.Builder builder = BlockHound.builder()
                .nonBlockingThreadPredicate(others -> others.or(Thread::isVirtual))
                // By default BlockHound throws. This would end the run, and below a native frame the JVM.
                .blockingMethodCallback(method -> blocks.put(method, new Throwable().getStackTrace()));
        if (knowsPoll) {
            builder.markAsBlocking("dev.cooperativetls.altprovider.Poll", "poll",
                    "(Ljava/lang/foreign/MemorySegment;Ljava/lang/foreign/MemorySegment;I)I");
        }
        builder.install();
        program.run();
        return blocks.isEmpty() ? NO_REPORT : blocks.entrySet().stream()
                .map(block -> report(block.getKey(), block.getValue())).distinct().sorted()
                .collect(Collectors.joining("; ", "throws: ", ""));
    }

    /** Names the caller only if it is in {@link Pin}: which part of TLS makes the first call depends on chance. */
    private static String report(BlockingMethod method, StackTraceElement[] stack) {
        String blocking = Culprit.simple(method.getClassName() + "." + method.getName());
        return Stream.of(stack).filter(frame -> frame.getClassName().equals(Pin.class.getName())).findFirst()
                .map(frame -> blocking + " below " + Culprit.in(Stream.of(frame.toString()))).orElse(blocking);
    }
}
