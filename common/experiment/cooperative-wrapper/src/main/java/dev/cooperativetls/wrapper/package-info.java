/**
 * A wrapper that makes the alternative provider cooperate: its calls park the virtual thread until the channel is
 * ready, and so leave the carrier to others. It is kept as its author left it: one call, {@code readInto}, is not
 * overridden, goes to the connection below, and ends up in {@code poll}. The part that gevent_openssl plays in the
 * write-up.
 */
package dev.cooperativetls.wrapper;
