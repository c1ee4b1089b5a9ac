package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.recorder.Stack.Pin;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests of stacks, innermost frame first. */
class StackTest {

    /** Reads frames as a thread dump prints them, without the word "at" at the beginning. */
    private static Stack stack(String... frames) {
        return new Stack(Stream.of(frames).map(frame -> Frame.of("\tat " + frame)).toList(), false);
    }

    @Test
    void the_users_first_frame_is_the_place() {
        assertThat(stack("java.lang.invoke.LambdaForm$MH/0x000000002b083c00.invoke(java.base@25/LambdaForm$MH)",
                "jdk.internal.foreign.abi.DowncallStub/0x000000002b084800.invoke(java.base@25/Unknown Source)",
                "javassist.Loader.load(Loader.java:1)",
                "java.lang.Thread.run(java.base@25/Thread.java:1)").place()).isEqualTo("javassist.Loader.load");
    }

    @Test
    void the_module_shows_whether_a_frame_is_the_jdks_and_the_name_does_not() {
        assertThat(stack("com.sun.mail.util.Decoder.read(Decoder.java:1)", "a.Page.run(Page.java:1)").place())
                .isEqualTo("com.sun.mail.util.Decoder.read");
        assertThat(stack("org.xml.sax.helpers.AttributesImpl.getValue(java.xml@25/AttributesImpl.java:1)",
                "a.Page.search(Page.java:1)").place()).isEqualTo("a.Page.search");
    }

    @Test
    void a_proxy_is_named_by_its_caller() {
        assertThat(stack("jdk.proxy2.$Proxy24.poll(jdk.proxy2/Unknown Source)", "a.Page.load(Page.java:1)").place())
                .isEqualTo("a.Page.load");
        assertThat(stack("a.$Proxy24.poll(Unknown Source)", "a.Page.load(Page.java:1)").place())
                .isEqualTo("a.Page.load");
    }

    @Test
    void a_binding_that_calls_native_functions_is_named_by_the_caller_of_its_proxy() {
        assertThat(stack("com.sun.jna.Native.invokeInt(Native Method)", "com.sun.jna.Function.invoke(Function.java:1)",
                "com.sun.jna.Library$Handler.invoke(Library.java:1)",
                "jdk.proxy2.$Proxy24.poll(jdk.proxy2/Unknown Source)", "a.Page.load(Page.java:1)").place())
                .isEqualTo("a.Page.load");
    }

    @Test
    void a_lambda_expression_is_named_by_the_method_that_has_it() {
        assertThat(stack("a.Page.lambda$load$3(Page.java:1)").place()).isEqualTo("a.Page.load");
        assertThat(stack("a.Page.lambda$new$0(Page.java:1)").place()).isEqualTo("a.Page.<init>");
        assertThat(stack("a.Page.lambda$static$0(Page.java:1)").place()).isEqualTo("a.Page.<clinit>");
    }

    @Test
    void a_stack_with_nothing_but_a_generated_frame_is_named_by_its_class() {
        assertThat(stack("java.util.concurrent.locks.ReentrantLock.lock(java.base@25/ReentrantLock.java:1)",
                "a.Page$$Lambda/0x0000000056093000.run(Unknown Source)").place()).isEqualTo("a.Page.run");
    }

    @Test
    void a_stack_with_only_jdk_frames_is_named_by_its_innermost_frame() {
        assertThat(stack("sun.nio.ch.EPoll.wait(java.base@25/Native Method)",
                "java.lang.Thread.run(java.base@25/Thread.java:1)").place()).isEqualTo("sun.nio.ch.EPoll.wait");
        assertThat(Stack.NONE.place()).isEqualTo("unknown");
    }

    @Test
    void a_stack_that_is_cut_off_hides_the_users_frame_unless_it_shows_one() {
        Frame jdk = Frame.of("java.io.FileInputStream", "readBytes", true, true);
        Frame user = Frame.of("a.Page", "load", false, false);

        assertThat(new Stack(List.of(jdk, jdk), true).hidesTheUsersFrame()).isTrue();
        assertThat(new Stack(List.of(jdk, user), true).hidesTheUsersFrame()).isFalse();
        assertThat(new Stack(List.of(jdk, jdk), false).hidesTheUsersFrame()).isFalse();
    }

    @Test
    void a_poller_of_the_jdk_is_recognised_by_its_loop() {
        assertThat(stack("sun.nio.ch.EPoll.wait(java.base@25/Native Method)",
                "sun.nio.ch.EPollPoller.poll(java.base@25/EPollPoller.java:1)",
                "sun.nio.ch.Poller.subPollerLoop(java.base@25/Poller.java:1)",
                "java.lang.VirtualThread.run(java.base@25/VirtualThread.java:1)").isPoller()).isTrue();
        assertThat(stack("sun.nio.ch.Poller.poll(java.base@25/Poller.java:1)",
                "a.Page.load(Page.java:1)").isPoller()).isFalse();
    }

    private static final String[] PARK = {
        "java.lang.VirtualThread.parkOnCarrierThread(java.base@25/VirtualThread.java:1)",
        "java.lang.VirtualThread.park(java.base@25/VirtualThread.java:1)",
        "java.lang.System$1.parkVirtualThread(java.base@25/System.java:1)",
        "java.util.concurrent.locks.LockSupport.park(java.base@25/LockSupport.java:1)"};

    private static Stack parked(String... outside) {
        return stack(Stream.concat(Stream.of(PARK), Stream.of(outside)).toArray(String[]::new));
    }

    @Test
    void a_pin_is_named_by_the_native_method_below_the_park() {
        Stack stack = parked("a.Callback.ask(Callback.java:1)", "org.sqlite.core.NativeDB.step(Native Method)",
                "org.sqlite.core.DB.execute(DB.java:1)");

        assertThat(stack.isParked()).isTrue();
        assertThat(stack.pin()).isEqualTo(new Pin("org.sqlite.core.NativeDB.step", Optional.of("a.Callback.ask")));
    }

    @Test
    void a_pin_is_named_by_the_method_that_makes_a_downcall() {
        assertThat(parked("a.Native.compare(Native.java:1)",
                "jdk.internal.foreign.abi.UpcallStub/0x1.invoke(java.base@25/Unknown Source)",
                "jdk.internal.foreign.abi.DowncallStub/0x2.invoke(java.base@25/Unknown Source)",
                "a.Native.sort(Native.java:1)", "a.Page.run(Page.java:1)",
                "jdk.internal.vm.Continuation.enterSpecial(java.base@25/Native Method)").pin())
                .isEqualTo(new Pin("a.Native.sort", Optional.of("a.Native.compare")));
    }

    @Test
    void a_pin_is_named_by_the_initialiser_of_a_class() {
        assertThat(parked("a.Settings.read(Settings.java:1)", "a.Settings.<clinit>(Settings.java:1)",
                "a.Page.run(Page.java:1)").pin())
                .isEqualTo(new Pin("a.Settings.<clinit>", Optional.of("a.Settings.read")));
        assertThat(parked("a.Settings.<clinit>(Settings.java:1)").pin().parkedIn()).isEmpty();
    }

    @Test
    void a_pin_while_the_jvm_loads_a_class_is_named_by_the_method_that_needs_it() {
        assertThat(parked("a.Loader.loadClass(Loader.java:1)",
                "java.lang.ClassLoader.loadClass(java.base@25/ClassLoader.java:1)",
                "a.Page.run(Page.java:1)").pin())
                .isEqualTo(new Pin("a.Page.run", Optional.of("a.Loader.loadClass")));
        assertThat(parked("a.Loader.loadClass(Loader.java:1)",
                "java.lang.Class.forName0(java.base@25/Native Method)",
                "java.lang.Class.forName(java.base@25/Class.java:1)", "a.Page.run(Page.java:1)").pin().by())
                .isEqualTo("a.Page.run");
    }

    @Test
    void the_jdks_calls_that_start_a_spare_carrier_are_recognised() {
        assertThat(stack("java.net.Inet6AddressImpl.lookupAllHostAddr(java.base@25/Native Method)",
                "java.net.InetAddress$PlatformResolver.lookupByName(java.base@25/InetAddress.java:1)",
                "a.Page.run(Page.java:1)").isCompensated()).isTrue();
        assertThat(stack("sun.nio.ch.UnixFileDispatcherImpl.lock0(java.base@25/Native Method)",
                "sun.nio.ch.FileChannelImpl.lock(java.base@25/FileChannelImpl.java:1)").isCompensated()).isTrue();
        assertThat(stack("sun.nio.ch.UnixFileDispatcherImpl.read0(java.base@25/Native Method)",
                "sun.nio.ch.FileChannelImpl.read(java.base@25/FileChannelImpl.java:1)").isCompensated()).isFalse();
        assertThat(stack("a.Resolver.lookupByName(Native Method)",
                "java.net.InetAddress$PlatformResolver.lookupByName(java.base@25/InetAddress.java:1)")
                .isCompensated()).isFalse();
    }
}
