package dev.cooperativetls.fetch;

import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.Provider;
import java.security.Security;
import java.util.List;
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
     * Puts every provider of TLS on the class path before all others, in the order of the class path. Those that
     * modules bring, the JDK's own, keep their places; those that bring no TLS, such as BouncyCastle's, are left out.
     *
     * @throws java.util.ServiceConfigurationError if one is named but cannot be loaded or made
     */
    static void takeFrom(ServiceLoader<Provider> services) {
        List<Provider> providers = services.stream()
                .filter(service -> !service.type().getModule().isNamed())
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.getService("SSLContext", "TLS") != null)
                .toList();
        for (int i = 0; i < providers.size(); i++) {
            Security.removeProvider(providers.get(i).getName()); // one that is there already would keep its place
            Security.insertProviderAt(providers.get(i), i + 1);
        }
    }

    private static String from(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (type.getModule().isNamed() || source == null || source.getLocation() == null) {
            return "JDK";
        }
        return Path.of(URI.create(source.getLocation().toString())).getFileName().toString();
    }
}
