package dev.cooperativetls.bench;

/**
 * One run of {@code fetch}, in which every page was valid.
 *
 * @param elapsedSeconds the time from just before the first page's thread starts until the last page has ended
 * @param cpuSeconds the CPU time of the process in that time, with compiler and garbage collector; the operating system
 *     often counts hundredths of a second
 * @param allocatedBytes the bytes that all threads allocated, including the client and its warm-up
 */
record Round(double elapsedSeconds, double cpuSeconds, long allocatedBytes) {}
