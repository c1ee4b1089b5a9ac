package dev.cooperativetls.altprovider;

import java.net.Socket;
import java.security.AlgorithmParameters;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.bouncycastle.jsse.BCX509ExtendedKeyManager;

/**
 * A user's key manager, asked for keys in the words it knows. BouncyCastle's engine has words of its own,
 * {@code EC/secp256r1} and {@code ECDHE_ECDSA}; a key manager of the JDK's knows {@code EC} and {@code RSA}, and would have no
 * key to offer.
 */
final class TranslatedKeyManager extends X509ExtendedKeyManager {

    private final X509KeyManager keys;

    private TranslatedKeyManager(X509KeyManager keys) {
        this.keys = keys;
    }

    /** These, translated where that is needed; null stays null. */
    static KeyManager[] of(KeyManager[] managers) {
        return managers == null ? null : Stream.of(managers)
                .map(each -> each instanceof X509KeyManager keys && !(each instanceof BCX509ExtendedKeyManager)
                        ? new TranslatedKeyManager(keys) : each)
                .toArray(KeyManager[]::new);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return first(types, type -> keys.chooseClientAlias(new String[] {type}, issuers, socket));
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return first(types, type -> keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineClientAlias(new String[] {type}, issuers, engine)
                : keys.chooseClientAlias(new String[] {type}, issuers, null));
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return first(new String[] {type}, translated -> keys.chooseServerAlias(translated, issuers, socket));
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        return first(new String[] {type}, translated -> keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineServerAlias(translated, issuers, engine)
                : keys.chooseServerAlias(translated, issuers, null));
    }

    /** The first alias that is chosen for one of the types, and whose key is on the curve that the type may name. */
    private String first(String[] types, Function<String, String> choose) {
        for (String type : types) {
            String alias = choose.apply(algorithm(type));
            if (alias != null && isOnCurve(type, alias)) {
                return alias;
            }
        }
        return null;
    }

    private static String algorithm(String type) {
        String name = type.split("/")[0];
        return switch (name.substring(name.lastIndexOf('_') + 1)) {
            case "ECDSA", "ECDH", "ECDHE", "EC" -> "EC";
            case "DSS", "DSA" -> "DSA";
            case "RSA" -> "RSA";
            default -> name;
        };
    }

    private boolean isOnCurve(String type, String alias) {
        X509Certificate[] chain = keys.getCertificateChain(alias);
        PublicKey key = chain == null || chain.length == 0 ? null : chain[0].getPublicKey();
        return !type.contains("/") || !(key instanceof ECPublicKey onCurve)
                || isCalled(type.split("/")[1], onCurve.getParams());
    }

    private static boolean isCalled(String name, ECParameterSpec key) {
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(name));
            return named.getParameterSpec(ECParameterSpec.class).getCurve().equals(key.getCurve());
        } catch (NoSuchAlgorithmException | InvalidParameterSpecException _) {
            return false; // a curve that this JVM does not know, and has no key on
        }
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
