/**
 * The server that every verdict is measured against: WireMock over TLS and over plain HTTP, on loopback only. It
 * answers {@code /delay/{seconds}} after that time, as httpbin does, and counts the requests it holds meanwhile.
 *
 * <p>Its CA and certificate are made fresh at every start, and no private key ever touches the disk. TLS is the JDK's
 * own, whichever provider has been put first in the same JVM. {@link dev.cooperativetls.server.TlsServer} runs it in
 * this JVM, {@link dev.cooperativetls.server.ServerProcess} in one of its own.
 */
package dev.cooperativetls.server;
