package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** The keys that a default context shows: those of the {@code javax.net.ssl.keyStore} properties. */
final class DefaultKeys {

    /** What the property names if the store has no file, as one on a token. */
    private static final String NO_FILE = "NONE";

    private DefaultKeys() {}

    /** The managers of the key store that the JVM was given; null if it was given none. */
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
        if (file.equals(NO_FILE)) {
            store.load(null, secret);
        } else {
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                store.load(in, secret);
            }
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, secret);
        return factory.getKeyManagers();
    }
}
