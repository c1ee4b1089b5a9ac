package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Start.TlsProvider;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Methods that find and install the TLS provider on the class path, and describe the provider in force.
 *
 * <p>The write-up calls this "importable, therefore injected": a provider on the class path is installed before those
 * of the JDK. In Python, requests injected pyOpenSSL ({@code urllib3.contrib.pyopenssl.inject_into_urllib3}). No real
 * program should install every provider that it finds.
 */
final class TlsProviders {

    private TlsProviders() {}

    /**
     * Installs the first TLS provider among the services before all other providers. Providers in named modules are the
     * JDK's own and keep their order. A provider without TLS, such as BouncyCastle's, is skipped. Services after the
     * first TLS provider are not instantiated.
     *
     * @return the provider; empty if there is none
     * @throws ServiceConfigurationError if a service up to the first TLS provider cannot be loaded
     */
    static Optional<Provider> installFirst(ServiceLoader<Provider> services) {
        Optional<Provider> first = services.stream()
                .filter(service -> !service.type().getModule().isNamed())
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.getService("SSLContext", "TLS") != null)
                .findFirst();
        first.ifPresent(provider -> insert(provider, 1));
        return first;
    }

    /**
     * Installs these providers before all others, in this order.
     *
     * @param names for each provider its class, which must have a public constructor without parameters, or the name of
     *     a service or of an installed provider
     * @return the first of them
     * @throws IllegalArgumentException if one is unknown, or the first has no TLS
     * @throws ServiceConfigurationError if one cannot be loaded
     */
    static Provider install(List<String> names) {
        List<Provider> providers = names.stream().map(TlsProviders::named).toList();
        Provider first = providers.getFirst();
        if (first.getService("SSLContext", "TLS") == null) {
            throw new IllegalArgumentException("%s has no SSLContext TLS: give the TLS provider first"
                    .formatted(first.getName()));
        }
        for (int i = 0; i < providers.size(); i++) {
            insert(providers.get(i), i + 1);
        }
        return first;
    }

    private static void insert(Provider provider, int position) {
        Security.removeProvider(provider.getName()); // an installed provider would keep its place
        Security.insertProviderAt(provider, position);
    }

    private static Provider named(String name) {
        Provider installed = Security.getProvider(name);
        if (installed != null) {
            return installed;
        }
        for (var service : ServiceLoader.load(Provider.class).stream().toList()) {
            if (service.type().getName().equals(name)
                    || !service.type().getModule().isNamed() && service.get().getName().equals(name)) {
                return service.get();
            }
        }
        try {
            return Class.forName(name).asSubclass(Provider.class).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(("no provider '%s': give the name of a provider, or of its class on the"
                    + " class path").formatted(name), e);
        } catch (ClassCastException | NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new IllegalArgumentException(("%s is not a usable provider: it must extend java.security.Provider and"
                    + " have a public constructor without parameters").formatted(name), e);
        } catch (InvocationTargetException e) {
            throw new ServiceConfigurationError(name, e.getCause());
        } catch (LinkageError e) {
            throw new ServiceConfigurationError(name, e);
        }
    }

    /**
     * Returns why the JDK skipped the provider that was installed first. If a provider cannot create its context, the
     * JDK silently uses the next one.
     *
     * @param context the context of the run
     * @return a message that names both providers; empty if the context is the first provider's
     */
    static Optional<String> whyPassedOver(Provider first, SSLContext context) {
        if (context.getProvider() == first) {
            return Optional.empty();
        }
        String problem = "the JDK skipped TLS provider %s and used %s: "
                .formatted(first.getName(), context.getProvider().getName());
        try {
            var _ = SSLContext.getInstance("TLS", first);
            return Optional.of(problem + "it has no default SSLContext; give --ca-file");
        } catch (NoSuchAlgorithmException | RuntimeException | LinkageError e) {
            return Optional.of(problem + Reason.of(e));
        }
    }

    /** Returns a provider's own description, with the jar that it comes from. */
    static TlsProvider describe(Provider provider) {
        String info = Objects.requireNonNullElse(provider.getInfo(), "").replaceAll("\\s+", " ").strip();
        return new TlsProvider(provider.getName(), provider.getVersionStr(), info, from(provider.getClass()));
    }

    /**
     * Describes a context, its provider and its sockets in words. In Python, scripts of the write-up print
     * {@code urllib3.util.ssl_.SSLContext} with and without the client library imported.
     */
    static String describe(SSLContext context) {
        TlsProvider provider = describe(context.getProvider());
        return "%s %s (%s), sockets from %s".formatted(provider.name(), provider.version(), provider.from(),
                context.getSocketFactory().getClass().getName());
    }

    /**
     * Describes the context that a program gets if it names no provider.
     *
     * @throws GeneralSecurityException if there is none
     */
    static String describeCurrent() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[0], null); // only to be described, not for connections
        return describe(context);
    }

    private static String from(Class<?> type) {
        var source = type.getProtectionDomain().getCodeSource();
        if (type.getModule().isNamed() || source == null || source.getLocation() == null) {
            return "JDK";
        }
        return Path.of(URI.create(source.getLocation().toString())).getFileName().toString();
    }
}
