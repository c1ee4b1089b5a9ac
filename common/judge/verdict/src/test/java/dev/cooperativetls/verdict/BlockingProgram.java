package dev.cooperativetls.verdict;

import com.sun.jna.Function;
import com.sun.mail.Decoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.xml.sax.helpers.AttributesImpl;

/**
 * A program for the judge to observe. Its virtual threads really block their carriers, in the given way. It prints the
 * same events as {@code fetch}.
 *
 * <p>Arguments: the way, the number of pages, how long each page waits in milliseconds, the number of carriers. A way
 * that never ends is aborted at the timeout, which the observer adds.
 */
final class BlockingProgram {

    /** How each page waits. */
    enum Way {
        IN_NATIVE_CODE, SPINNING, PINNED, MIXED, COOPERATIVE, ONE_AFTER_ANOTHER,
        IN_SHORT_PINS, IN_MANY_INITIALISERS, IN_ONE_INITIALISER, SPINNING_OVER_A_READ, COMPUTING_IN_NATIVE_CODE,
        BELOW_A_DEEP_STACK, PINNED_BELOW_A_DEEP_STACK, IN_A_RESOLVER, THROUGH_A_BINDING, IN_A_LIBRARY_LIKE_THE_JDK,
        IN_THE_JDK, IN_THE_JVM, COMPENSATED, PINNED_SINCE_BEFORE_THE_START,
        ONE_AFTER_ANOTHER_BESIDE_A_WATCHER, LOCKED_FOREVER,
        PINNED_FOREVER, INITIALISING_FOREVER, LOADING_FOREVER
    }

    /** More frames than JFR keeps by default. */
    private static final int DEEP = 100;

    private static final ReentrantLock TAKEN = new ReentrantLock();

    private BlockingProgram() {}

    public static void main(String[] args) throws InterruptedException {
        Way way = Way.valueOf(args[0]);
        int count = Integer.parseInt(args[1]);
        Duration wait = Duration.ofMillis(Long.parseLong(args[2]));
        int spareCarriers = way == Way.COMPENSATED ? count : 0;
        System.setProperty("jdk.virtualThreadScheduler.parallelism", args[3]);
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize",
                Integer.toString(Integer.parseInt(args[3]) + spareCarriers));
        Initialisers.nanos = wait.toNanos();
        Semaphore oneAtATime = new Semaphore(1);
        Semaphore allAtOnce = new Semaphore(count);
        Native.poll(Duration.ZERO); // links the function before the clock starts
        Native.parkUnderNativeFrame(() -> {});
        if (way == Way.COMPUTING_IN_NATIVE_CODE) {
            Native.fill(Duration.ofNanos(1));
        }
        TAKEN.lock();
        if (way == Way.ONE_AFTER_ANOTHER_BESIDE_A_WATCHER) {
            Thread.startVirtualThread(() -> Native.poll(Duration.ofMinutes(1)));
        }
        if (way == Way.PINNED_SINCE_BEFORE_THE_START) {
            var parks = new CountDownLatch(1);
            Thread.startVirtualThread(() -> Native.parkUnderNativeFrame(() -> {
                parks.countDown();
                LockSupport.parkNanos(wait.toNanos());
            }));
            parks.await();
        }

        Events events = Events.of(args);
        events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":%s,\"carriers\":%s,\"jdk\":\"%s\"}",
                Instant.now(), count, args[3], Runtime.version());
        long start = System.nanoTime();
        List<Thread> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int page = i;
            pages.add(Thread.startVirtualThread(() -> {
                Semaphore turn = way.name().startsWith("ONE_AFTER_ANOTHER") ? oneAtATime : allAtOnce;
                turn.acquireUninterruptibly();
                double sent = secondsSince(start);
                try {
                    block(way, page, wait);
                } catch (IOException | ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
                double firstByte = secondsSince(start);
                turn.release();
                events.print("{\"event\":\"page\",\"page\":%d,\"status\":200,\"problem\":null,"
                        + "\"sent\":%.6f,\"firstByte\":%.6f}", page, sent, firstByte);
            }));
        }
        boolean done = true;
        Duration timeout = Duration.ofMillis((long) (1000 * Double.parseDouble(args[5])));
        for (Thread page : pages) {
            done &= way.name().endsWith("FOREVER") ? page.join(timeout) : page.join(Duration.ofDays(2));
        }
        events.print("{\"event\":\"end\",\"elapsedSeconds\":%.6f,\"timedOut\":%s}",
                secondsSince(start), !done);
        System.exit(0);
    }

    private static void block(Way way, int page, Duration wait) throws IOException, ReflectiveOperationException {
        switch (way) {
            case IN_NATIVE_CODE -> Native.poll(wait);
            case SPINNING -> spin(wait);
            case PINNED -> Native.parkUnderNativeFrame(() -> LockSupport.parkNanos(wait.toNanos()));
            case MIXED -> {
                if (page % 4 == 0) {
                    spin(wait);
                } else {
                    Native.poll(wait);
                }
            }
            case COOPERATIVE, ONE_AFTER_ANOTHER, ONE_AFTER_ANOTHER_BESIDE_A_WATCHER ->
                LockSupport.parkNanos(wait.toNanos());
            case IN_SHORT_PINS -> {
                long start = System.nanoTime();
                while (System.nanoTime() - start < wait.toNanos()) {
                    Native.parkUnderNativeFrame(() -> LockSupport.parkNanos(400_000));
                }
            }
            case IN_MANY_INITIALISERS -> Initialisers.initialise(page);
            case IN_ONE_INITIALISER -> Initialisers.initialise(0);
            case SPINNING_OVER_A_READ -> spinOverRead(wait);
            case COMPUTING_IN_NATIVE_CODE -> Native.fill(wait);
            case BELOW_A_DEEP_STACK, COMPENSATED -> readDeeply(outputOfAProcess(wait));
            case PINNED_BELOW_A_DEEP_STACK -> use(Deep.VALUE);
            case IN_A_RESOLVER -> use(InetAddress.getByName("page-" + wait.toMillis() + ".test").hashCode());
            case THROUGH_A_BINDING -> waitThroughABinding(wait);
            case IN_A_LIBRARY_LIKE_THE_JDK -> Decoder.decode(wait);
            case IN_THE_JDK -> search(wait);
            case IN_THE_JVM -> collectGarbage(wait);
            case PINNED_SINCE_BEFORE_THE_START -> LockSupport.parkNanos(1);
            case LOCKED_FOREVER -> {
                spin(wait);
                TAKEN.lock();
            }
            case PINNED_FOREVER -> Native.parkUnderNativeFrame(TAKEN::lock);
            case INITIALISING_FOREVER -> use(Endless.VALUE);
            case LOADING_FOREVER -> load();
        }
    }

    /** Uses a value, so that the class of the value is initialised. */
    private static void use(int value) {
        if (value == 0) {
            throw new AssertionError();
        }
    }

    private static void spinOverRead(Duration time) throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel _ = pipe.sink()) {
            source.configureBlocking(false);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            long start = System.nanoTime();
            while (source.read(one) == 0 && System.nanoTime() - start < time.toNanos()) {
                // It repeats at once, as code that does not wait for bytes does.
            }
        }
    }

    private static InputStream outputOfAProcess(Duration after) throws IOException {
        return new ProcessBuilder("sh", "-c", "sleep %s; echo x".formatted(after.toMillis() / 1000.0)).start()
                .getInputStream();
    }

    /** Reads through more streams than a stack trace usually has frames. */
    static int readDeeply(InputStream in) {
        InputStream outer = in;
        for (int i = 0; i < DEEP; i++) {
            outer = new DataInputStream(outer);
        }
        try {
            return outer.read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A class whose initialiser waits, below a deep stack, for a byte that another thread writes. */
    private static final class Deep {
        static final int VALUE = readDeeply(written(Duration.ofNanos(Initialisers.nanos)));
    }

    private static InputStream written(Duration after) {
        try {
            var out = new PipedOutputStream();
            var in = new PipedInputStream(out);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    Thread.sleep(after);
                    out.write(1);
                    out.flush();
                    LockSupport.park(); // because a reader fails if the writing thread has ended
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            return in;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Endless {

        static final int VALUE;

        static {
            TAKEN.lock();
            VALUE = 1;
        }
    }

    /** Loads a class by a loader whose lock another thread has forever, so the JVM waits for the lock. */
    private static void load() throws ClassNotFoundException {
        var loader = new ClassLoader() { };
        var locked = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            synchronized (loader) {
                locked.countDown();
                LockSupport.park();
            }
        });
        try {
            locked.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Class.forName("java.util.zip.CRC32", true, loader);
    }

    /** An interface that declares a native function, as with JNA. */
    private interface Waits {
        int poll(MemorySegment descriptors, long count, int millis);
    }

    private static void waitThroughABinding(Duration time) {
        Waits library = (Waits) Proxy.newProxyInstance(Waits.class.getClassLoader(), new Class<?>[] {Waits.class},
                new Function(Native.POLL));
        library.poll(MemorySegment.NULL, 0, (int) time.toMillis());
    }

    /** Computes in the JDK's own {@code org.xml.sax}. */
    private static void search(Duration time) {
        var many = new AttributesImpl();
        for (int i = 0; i < 10_000; i++) {
            many.addAttribute("", "a" + i, "a" + i, "CDATA", "");
        }
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            many.getValue("none");
        }
    }

    private static void collectGarbage(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            System.gc();
        }
    }

    /** A resolver that waits in native code for the time in the name. */
    public static final class Resolver extends InetAddressResolverProvider {

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public InetAddressResolver get(Configuration configuration) {
            return new InetAddressResolver() {
                @Override
                public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                        throws UnknownHostException {
                    if (host.startsWith("page-")) {
                        Native.poll(Duration.ofMillis(Long.parseLong(host.split("[-.]")[1])));
                    }
                    return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
                }

                @Override
                public String lookupByAddress(byte[] address) {
                    return "localhost";
                }
            };
        }
    }

    static void spin(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The ways that use native code. */
    @SuppressWarnings("restricted") // the downcalls are intended
    static final class Native {

        private static final Linker LINKER = Linker.nativeLinker();
        static final MethodHandle POLL = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("poll"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private static final MethodHandle QSORT = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("qsort"), FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

        private static final MethodHandle MEMSET = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("memset"), FunctionDescriptor.of(ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

        private static final MethodHandle WRITE = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("write"), FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

        private static final ScopedValue<Runnable> CALLED = ScopedValue.newInstance();

        private Native() {}

        /** Waits in {@code poll(2)} without file descriptors, until the time is up. */
        static void poll(Duration time) {
            try {
                int _ = (int) POLL.invokeExact(MemorySegment.NULL, 0L, (int) time.toMillis());
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Prints to standard output without {@code System.out}. */
        static void print(String text) {
            try (Arena arena = Arena.ofConfined()) {
                long _ = (long) WRITE.invokeExact(1, arena.allocateFrom(text), (long) text.length());
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Large memory. It is allocated before the clock starts, because the JVM clears it outside native code. */
        private static final class Memory {
            static final MemorySegment LARGE = Arena.global().allocate(1 << 28);
        }

        /** Computes in native code: fills large memory repeatedly. */
        static void fill(Duration time) {
            try {
                long start = System.nanoTime();
                while (System.nanoTime() - start < time.toNanos()) {
                    MemorySegment _ = (MemorySegment) MEMSET.invokeExact(Memory.LARGE, 1, Memory.LARGE.byteSize());
                }
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Calls {@code qsort(3)}, which calls back into Java, which parks. The native frame pins the thread. */
        static void parkUnderNativeFrame(Runnable parks) {
            try (Arena arena = Arena.ofConfined()) {
                FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS);
                MethodHandle compare = MethodHandles.lookup().findStatic(Native.class, "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
                MemorySegment callback = LINKER.upcallStub(compare, type, arena);
                MemorySegment twoNumbers = arena.allocate(ValueLayout.JAVA_INT, 2);
                ScopedValue.where(CALLED, parks).call(() -> {
                    QSORT.invokeExact(twoNumbers, 2L, 4L, callback);
                    return null;
                });
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        static int compare(MemorySegment one, MemorySegment other) {
            CALLED.get().run();
            return 0;
        }
    }
}
