package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @TempDir
    private Path root;

    @Test
    void this_machine_has_a_system_a_jdk_and_cores() {
        Machine here = Machine.here();

        assertThat(here.cores()).isPositive();
        assertThat(here.jdk()).isEqualTo(Runtime.version().toString());
        assertThat(here.os()).isNotBlank();
        assertThat(here.kernel()).isNotBlank();
        assertThat(here.vendor()).isNotBlank();
    }

    @Test
    void what_only_linux_reports_is_null_on_other_systems() {
        Machine machine = Machine.of(root);

        assertThat(machine.cpu()).isNull();
        assertThat(machine.memoryBytes()).isNull();
        assertThat(machine.cpuLimit()).isNull();
        assertThat(machine.memoryLimitBytes()).isNull();
        assertThat(machine.limits()).isEqualTo("none known");
        assertThat(machine.memory()).isEqualTo("not known");
    }

    @Test
    void cpu_and_memory_are_read_from_proc() throws IOException {
        file("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC: 9R14\nprocessor\t: 1\n");
        file("proc/meminfo", "MemTotal:       24684096 kB\nMemFree: 1 kB\n");

        Machine machine = Machine.of(root);

        assertThat(machine.cpu()).isEqualTo("AMD EPYC: 9R14");
        assertThat(machine.memoryBytes()).isEqualTo(24_684_096L * 1024);
        assertThat(machine.memory()).isEqualTo("24106 MiB");
    }

    /** A container and a group above it may both have a limit. */
    @Test
    void the_smallest_limit_of_cgroup_2_is_used() throws IOException {
        file("proc/self/cgroup", "0::/pod/box\n");
        file("sys/fs/cgroup/pod/cpu.max", "150000 100000\n");
        file("sys/fs/cgroup/pod/box/cpu.max", "max 100000\n");
        file("sys/fs/cgroup/pod/memory.max", "2147483648\n");
        file("sys/fs/cgroup/pod/box/memory.max", "1073741824\n");

        Machine machine = Machine.of(root);

        assertThat(machine.cpuLimit()).isEqualTo(1.5);
        assertThat(machine.memoryLimitBytes()).isEqualTo(1L << 30);
        assertThat(machine.limits()).isEqualTo("1.50 processors, 1024 MiB");
    }

    @Test
    void the_limits_of_cgroup_1_are_read_and_its_largest_number_is_no_limit() throws IOException {
        file("proc/self/cgroup", "4:memory:/box\n1:cpu,cpuacct:/box\n0::/\n");
        file("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "50000\n");
        file("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        file("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");

        Machine machine = Machine.of(root);

        assertThat(machine.cpuLimit()).isEqualTo(0.5);
        assertThat(machine.memoryLimitBytes()).isNull();
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
