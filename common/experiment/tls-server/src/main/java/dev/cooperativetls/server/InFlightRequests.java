package dev.cooperativetls.server;

/**
 * The requests that a server had in flight. A request is in flight from the moment the server has it until just before
 * its answer begins, so a client that sends one request after another has a peak of exactly 1. If a client disconnects,
 * its request may stay in flight until its delay is over.
 *
 * @param now the number of requests in flight at this moment
 * @param peak the greatest number at any moment
 * @param mean the average number over the time in which there was at least one; 0 if there was none
 * @param served the number of requests that were in flight and no longer are
 */
public record InFlightRequests(int now, int peak, double mean, long served) {}
