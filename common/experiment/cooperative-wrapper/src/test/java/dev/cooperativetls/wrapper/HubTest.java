package dev.cooperativetls.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // some of the tests close channels explicitly
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HubTest {

    private final Hub hub = Hub.shared();
    private SocketChannel near;
    private SocketChannel far;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            near = SocketChannel.open(server.getLocalAddress());
            far = server.accept();
        }
        near.configureBlocking(false);
        far.configureBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        near.close();
        far.close();
    }

    @Test
    void each_of_a_thousand_waits_ends_when_its_own_channel_is_ready() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        List<Waiting> waits = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                pipe.source().configureBlocking(false);
                waits.add(Waiting.start(true, () -> {
                    hub.await(pipe.source(), SelectionKey.OP_READ, 0);
                    return pipe.source().read(ByteBuffer.allocate(1));
                }));
            }
            for (Waiting wait : waits) {
                wait.untilParked();
            }
            for (int i = pipes.size() - 1; i >= 0; i--) {
                pipes.get(i).sink().write(ByteBuffer.allocate(1));
                assertThat(waits.get(i).result()).isEqualTo(1);
                assertThat(i == 0 || !waits.get(i - 1).task.isDone()).as("the next still waits").isTrue();
            }
        } finally {
            for (Pipe pipe : pipes) {
                pipe.source().close();
                pipe.sink().close();
            }
        }
    }

    /** Two threads pass one byte back and forth. Each round has two waits, and one lost wake-up fails the test. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void no_wake_up_is_lost(boolean virtual) throws Exception {
        int rounds = 10_000;
        Waiting pong = Waiting.start(virtual, () -> bounce(far, rounds));
        near.write(ByteBuffer.allocate(1));
        assertThat(bounce(near, rounds)).isEqualTo(rounds);
        assertThat(pong.result()).isEqualTo(rounds);
    }

    private int bounce(SocketChannel channel, int rounds) throws Exception {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < rounds; i++) {
            one.clear();
            while (channel.read(one) == 0) {
                hub.await(channel, SelectionKey.OP_READ, 10_000);
            }
            channel.write(one.flip());
        }
        return rounds;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void several_threads_may_wait_for_either_event_of_one_channel(boolean virtual) throws Exception {
        fill(near);
        Waiting reader = Waiting.start(virtual, () -> await(SelectionKey.OP_READ));
        Waiting writer = Waiting.start(virtual, () -> await(SelectionKey.OP_WRITE));
        Waiting readerThatMustWrite = Waiting.start(virtual, () -> await(SelectionKey.OP_WRITE));
        reader.untilParked();
        writer.untilParked();
        readerThatMustWrite.untilParked();

        drain(far, writer, readerThatMustWrite);
        assertThat(writer.result()).isZero();
        assertThat(readerThatMustWrite.result()).isZero();
        assertThat(reader.task.isDone()).isFalse();

        far.write(ByteBuffer.allocate(1));
        assertThat(reader.result()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_wait_ends_after_its_timeout_and_a_later_wait_is_woken(boolean virtual) throws Exception {
        for (int millis : new int[] {1, 30}) {
            Waiting late = Waiting.start(virtual, () -> {
                hub.await(near, SelectionKey.OP_READ, millis);
                return 0;
            });
            assertThatThrownBy(late::result).isInstanceOf(SocketTimeoutException.class).hasMessage("Read timed out");
        }
        fill(near);
        assertThatThrownBy(() -> hub.await(near, SelectionKey.OP_WRITE, 1))
                .isInstanceOf(SocketTimeoutException.class).hasMessage("Write timed out");

        Waiting next = Waiting.start(virtual, () -> await(SelectionKey.OP_READ));
        next.untilParked();
        far.write(ByteBuffer.allocate(1));
        assertThat(next.result()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closing_a_channel_ends_its_waits_although_it_wakes_no_thread(boolean virtual) throws Exception {
        Waiting reader = Waiting.start(virtual, () -> await(SelectionKey.OP_READ));
        reader.untilParked();
        near.close();
        assertThatThrownBy(reader::result).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThatThrownBy(() -> await(SelectionKey.OP_READ)).isInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
    }

    @Test
    void the_peers_close_wakes_a_reader() throws Exception {
        Waiting reader = Waiting.start(true, () -> await(SelectionKey.OP_READ));
        reader.untilParked();
        far.close();
        assertThat(reader.result()).isZero();
        assertThat(near.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void an_interrupted_virtual_thread_closes_the_channel_and_wakes_the_other_waiters() throws Exception {
        fill(near);
        AtomicBoolean kept = new AtomicBoolean();
        Waiting other = Waiting.start(false, () -> await(SelectionKey.OP_WRITE));
        Waiting reader = Waiting.start(true, () -> {
            try {
                return await(SelectionKey.OP_READ);
            } finally {
                kept.set(Thread.currentThread().isInterrupted());
            }
        });
        other.untilParked();
        reader.untilParked();
        reader.thread.interrupt();
        assertThatThrownBy(reader::result).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(kept).isTrue();
        assertThat(near.isOpen()).isFalse();
        other.thread.join(); // its wait returns or throws, which depends on the order of the two threads
    }

    @Test
    void an_interrupted_platform_thread_continues_to_wait_and_stays_interrupted() throws Exception {
        AtomicBoolean kept = new AtomicBoolean();
        Waiting reader = Waiting.start(false, () -> {
            await(SelectionKey.OP_READ);
            kept.set(Thread.currentThread().isInterrupted());
            return 0;
        });
        reader.untilParked();
        reader.thread.interrupt();
        far.write(ByteBuffer.allocate(1));
        assertThat(reader.result()).isZero();
        assertThat(kept).isTrue();
    }

    @Test
    void a_spurious_unpark_does_not_end_a_wait() throws Exception {
        Waiting reader = Waiting.start(true, () -> await(SelectionKey.OP_READ));
        for (int i = 0; i < 100; i++) {
            reader.untilParked();
            LockSupport.unpark(reader.thread);
        }
        reader.untilParked();
        far.write(ByteBuffer.allocate(1));
        assertThat(reader.result()).isZero();
    }

    private int await(int event) throws Exception {
        hub.await(near, event, 0);
        return 0;
    }

    private static void fill(SocketChannel channel) throws Exception {
        ByteBuffer much = ByteBuffer.allocate(1 << 20);
        do {
            much.clear();
        } while (channel.write(much) > 0);
    }

    private static void drain(SocketChannel channel, Waiting... until) throws Exception {
        ByteBuffer much = ByteBuffer.allocate(1 << 20);
        for (Waiting wait : until) {
            while (!wait.task.isDone()) {
                channel.read(much.clear());
            }
        }
    }

    /** A thread that waits on the hub, or will soon. */
    private record Waiting(Thread thread, FutureTask<Integer> task) {

        static Waiting start(boolean virtual, Callable<Integer> wait) {
            FutureTask<Integer> task = new FutureTask<>(wait);
            return new Waiting(
                    virtual ? Thread.startVirtualThread(task) : Thread.ofPlatform().daemon().start(task), task);
        }

        void untilParked() {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                assertThat(task.isDone()).as("the thread ended although it should have waited").isFalse();
                Thread.onSpinWait();
            }
        }

        int result() throws Exception {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }
}
