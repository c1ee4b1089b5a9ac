/**
 * The server of all verdicts: WireMock over TLS and over plain HTTP, on loopback only. It answers
 * {@code /delay/{seconds}} after that time, as httpbin does, and counts its in-flight requests.
 *
 * <p>Its CA and certificate are created at every start, and no private key is written to the disk. It uses the JDK's
 * TLS, even if another provider is installed first. {@link dev.cooperativetls.server.TlsServer} runs the server in this
 * JVM, {@link dev.cooperativetls.server.ServerProcess} in a separate JVM.
 */
package dev.cooperativetls.server;
