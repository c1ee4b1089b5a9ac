/**
 * An alternative TLS provider that any client in the JVM gets once it comes first, and that waits in the operating
 * system's {@code poll}, where the scheduler of virtual threads cannot see it. The part that pyOpenSSL, with urllib3's
 * {@code contrib.pyopenssl}, plays in the write-up.
 */
package dev.cooperativetls.altprovider;
