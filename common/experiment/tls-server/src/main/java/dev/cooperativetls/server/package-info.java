/**
 * The server of all verdicts: WireMock over TLS and over plain HTTP, on loopback only. It answers
 * {@code /delay/{seconds}} after that time, as httpbin does, and counts its requests in flight.
 *
 * <p>Its CA and certificate are created at every start, and no private key is written to the disk. TLS is the JDK's
 * own, even if another provider comes first in the same JVM. {@link dev.cooperativetls.server.TlsServer} runs it in this
 * JVM, {@link dev.cooperativetls.server.ServerProcess} in a separate one.
 */
package dev.cooperativetls.server;
