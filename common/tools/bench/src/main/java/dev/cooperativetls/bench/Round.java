package dev.cooperativetls.bench;

/**
 * One run of {@code fetch}, in which every page was valid.
 *
 * @param elapsedSeconds the time from just before the first page's thread starts until the last page has ended
 * @param cpuSeconds the CPU time of the process in that time, compiler and garbage collector included; the operating
 *     system often counts in hundredths of a second
 * @param allocatedBytes the bytes that all threads allocated, also for the client and its warm-up
 */
record Round(double elapsedSeconds, double cpuSeconds, long allocatedBytes) {}
