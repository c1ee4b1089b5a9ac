package dev.cooperativetls.server;

/**
 * The counts of a server's in-flight requests. A request is in flight from its arrival until just before its answer
 * begins. So a client that sends one request after another has a peak of exactly 1. If a client disconnects, its
 * request may stay in flight until its delay is over.
 *
 * @param now the current number of in-flight requests
 * @param peak the maximum number at any time
 * @param mean the average number over the time with at least one in-flight request; 0 if there was none
 * @param served the number of requests that were in flight and no longer are
 */
public record InFlightRequests(int now, int peak, double mean, long served) {}
