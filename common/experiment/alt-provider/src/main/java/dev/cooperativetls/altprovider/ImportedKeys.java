package dev.cooperativetls.altprovider;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.jsse.BCX509ExtendedKeyManager;
import org.bouncycastle.jsse.BCX509Key;

/**
 * An adapter through which BouncyCastle's engine uses a key manager of the JDK or of a user. The engine's own adapter
 * passes BouncyCastle's names of key types, {@code EC/secp256r1} or {@code ECDHE_ECDSA}. Other key managers do not
 * support these names and return no key. The engine's own adapter also calls the key manager once per key type, whereas
 * SunJSSE calls it once for all types.
 */
final class ImportedKeys extends BCX509ExtendedKeyManager {

    private final X509KeyManager keys;

    private ImportedKeys(X509KeyManager keys) {
        this.keys = keys;
    }

    /**
     * Returns the key managers, each with an adapter unless it is BouncyCastle's.
     *
     * @return null if the argument is null
     */
    static KeyManager[] of(KeyManager[] managers) {
        return managers == null ? null : Stream.of(managers)
                .map(each -> each instanceof X509KeyManager keys && !(each instanceof BCX509ExtendedKeyManager)
                        ? new ImportedKeys(keys) : each)
                .toArray(KeyManager[]::new);
    }

    /** Calls the key manager once for all types. Returns null if the chosen key has none of these types. */
    @Override
    public BCX509Key chooseEngineClientKeyBC(String[] types, Principal[] issuers, SSLEngine engine) {
        String alias = chooseEngineClientAlias(types, issuers, engine);
        return Stream.of(types).map(type -> getKeyBC(type, alias)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineClientAlias(algorithms(types), issuers, engine)
                : chooseClientAlias(types, issuers, null);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return keys.chooseClientAlias(algorithms(types), issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        return keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineServerAlias(algorithm(type), issuers, engine)
                : chooseServerAlias(type, issuers, null);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return keys.chooseServerAlias(algorithm(type), issuers, socket);
    }

    private static String[] algorithms(String[] types) {
        return Stream.of(types).map(ImportedKeys::algorithm).distinct().toArray(String[]::new);
    }

    /** Returns the JDK's name for a key type: {@code EC} for both {@code EC/secp256r1} and {@code ECDHE_ECDSA}. */
    private static String algorithm(String type) {
        String name = type.split("/")[0];
        return switch (name.substring(name.lastIndexOf('_') + 1)) {
            case "ECDSA", "EC" -> "EC";
            case "DSS", "DSA" -> "DSA";
            case "RSA", "KE:RSA" -> "RSA";
            default -> name;
        };
    }

    /** Returns the key of this alias, or null if there is none or it is not of this type. */
    @Override
    protected BCX509Key getKeyBC(String type, String alias) {
        X509Certificate[] chain = alias == null ? null : keys.getCertificateChain(alias);
        PrivateKey key = alias == null ? null : keys.getPrivateKey(alias);
        if (key == null || chain == null || chain.length == 0 || !isOfType(type, chain[0].getPublicKey())) {
            return null;
        }
        return new BCX509Key() {
            @Override
            public String getKeyType() {
                return type;
            }

            @Override
            public X509Certificate[] getCertificateChain() {
                return chain.clone();
            }

            @Override
            public PrivateKey getPrivateKey() {
                return key;
            }
        };
    }

    private static boolean isOfType(String type, PublicKey key) {
        int slash = type.indexOf('/');
        return algorithm(type).equals(key.getAlgorithm())
                && (slash < 0 || SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm().getParameters()
                        .equals(ECNamedCurveTable.getOID(type.substring(slash + 1))));
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return keys.getClientAliases(algorithm(type), issuers);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return keys.getServerAliases(algorithm(type), issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return keys.getPrivateKey(alias);
    }
}
