/**
 * A wrapper that makes the alternative provider cooperate. Its calls park the virtual thread until the channel is
 * ready, and the carrier runs other threads. Without the patch one call is missing, as in the author's version:
 * {@code readInto} is forwarded to the provider's connection, and the socket waits in {@code poll}. In the write-up,
 * gevent_openssl has this role.
 */
package dev.cooperativetls.wrapper;
