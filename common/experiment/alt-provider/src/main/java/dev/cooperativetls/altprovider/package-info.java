/**
 * The alternative TLS provider of the experiment. Once it is installed first, every client in the JVM uses it. Its
 * sockets wait in the operating system's {@code poll}, which the virtual-thread scheduler cannot see, and so block
 * their carrier. In the write-up, pyOpenSSL with urllib3's {@code contrib.pyopenssl} has this role.
 */
package dev.cooperativetls.altprovider;
