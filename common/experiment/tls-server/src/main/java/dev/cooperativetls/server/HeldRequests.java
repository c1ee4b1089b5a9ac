package dev.cooperativetls.server;

/**
 * How many requests a server held at once. A request is held from the moment the server has it until just before its
 * answer begins, so a client that sends one request after another has a peak of exactly 1. One whose client has gone
 * may be held until its delay is over: often only the answer finds that out.
 *
 * @param now held at this moment
 * @param peak the most that were held at once
 * @param mean held at once on average, over the time in which at least one was held; 0 when none ever was
 * @param served requests that were held and no longer are
 */
public record HeldRequests(int now, int peak, double mean, long served) {
}
