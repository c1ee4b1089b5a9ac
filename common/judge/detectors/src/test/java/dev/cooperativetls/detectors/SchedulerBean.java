package dev.cooperativetls.detectors;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The JDK's management interface for the scheduler of virtual threads. */
final class SchedulerBean implements Detector {

    @Override
    public String title() {
        return "`VirtualThreadSchedulerMXBean`";
    }

    @Override
    public String watch(WatchedProgram program) throws InterruptedException {
        var bean = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        var queue = new QueuedThreads(bean::getQueuedVirtualThreadCount);
        program.run(queue::observe);
        return queue.toString();
    }
}
