package dev.cooperativetls.fetch;

import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * The TLS provider in force, and where it came from.
 *
 * <p>The write-up's "importable, therefore injected": what lies on the class path comes before what the JDK brings. In
 * Python it was requests that swapped pyOpenSSL in ({@code urllib3.contrib.pyopenssl.inject_into_urllib3}).
 *
 * @param from the jar it was loaded from, or "JDK"
 */
record TlsProvider(String name, String version, String info, String from) {

    static TlsProvider of(Provider provider) {
        String info = Objects.requireNonNullElse(provider.getInfo(), "").replaceAll("\\s+", " ").strip();
        return new TlsProvider(provider.getName(), provider.getVersionStr(), info, from(provider.getClass()));
    }

    /**
     * Puts the first provider of TLS on the class path before all others. Those that modules bring, the JDK's own, keep
     * their places; one that brings no TLS, as BouncyCastle's, is passed over, and what comes after the first is not even made.
     *
     * @throws java.util.ServiceConfigurationError if one, up to the first, is named but cannot be loaded or made
     */
    static void takeFrom(ServiceLoader<Provider> services) {
        services.stream()
                .filter(service -> !service.type().getModule().isNamed())
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.getService("SSLContext", "TLS") != null)
                .findFirst()
                .ifPresent(provider -> {
                    Security.removeProvider(provider.getName()); // one that is there already would keep its place
                    Security.insertProviderAt(provider, 1);
                });
    }

    private static String from(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (type.getModule().isNamed() || source == null || source.getLocation() == null) {
            return "JDK";
        }
        return Path.of(URI.create(source.getLocation().toString())).getFileName().toString();
    }
}
