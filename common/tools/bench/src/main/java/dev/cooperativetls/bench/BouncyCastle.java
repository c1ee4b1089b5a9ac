package dev.cooperativetls.bench;

import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/** A class of its own, so that only a JVM that has BouncyCastle on its class path need load it. */
final class BouncyCastle {

    private BouncyCastle() {}

    /** Has whoever asks for TLS get BouncyCastle's own sockets. */
    static void putFirst() {
        Security.insertProviderAt(new BouncyCastleJsseProvider(new BouncyCastleProvider()), 1);
    }
}
