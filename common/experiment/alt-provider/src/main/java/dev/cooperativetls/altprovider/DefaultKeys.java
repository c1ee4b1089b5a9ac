package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * The keys of the {@code javax.net.ssl.keyStore} properties, for the default context. BouncyCastle's default context
 * reads the same properties, but imports the keys in its own way, which finds no EC key in TLS 1.3.
 */
final class DefaultKeys {

    /** The value of {@code javax.net.ssl.keyStore} for a key store without a file, for example on a token. */
    private static final String NO_FILE = "NONE";

    private DefaultKeys() {}

    /**
     * Returns the key managers of the JVM's key store.
     *
     * @return null if the properties name no key store
     * @throws IOException if the file cannot be read or the password is wrong
     * @throws GeneralSecurityException if no provider supports the store or its keys
     */
    static KeyManager[] managers() throws GeneralSecurityException, IOException {
        String file = System.getProperty("javax.net.ssl.keyStore", "");
        if (file.isEmpty()) {
            return null;
        }
        String password = System.getProperty("javax.net.ssl.keyStorePassword", "");
        String type = System.getProperty("javax.net.ssl.keyStoreType", KeyStore.getDefaultType());
        String provider = System.getProperty("javax.net.ssl.keyStoreProvider", "");
        char[] secret = password.isEmpty() ? null : password.toCharArray();
        KeyStore store = provider.isEmpty() ? KeyStore.getInstance(type) : KeyStore.getInstance(type, provider);
        try (InputStream in = file.equals(NO_FILE) ? null : Files.newInputStream(Path.of(file))) {
            store.load(in, secret);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, secret);
        return factory.getKeyManagers();
    }
}
