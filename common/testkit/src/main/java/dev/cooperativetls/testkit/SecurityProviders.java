package dev.cooperativetls.testkit;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An extension that installs security providers for one test and removes them after the test.
 *
 * <pre>{@code
 * @RegisterExtension
 * private final SecurityProviders providers = new SecurityProviders();
 *
 * providers.installFirst(new AltProvider());
 * }</pre>
 */
public final class SecurityProviders implements AfterEachCallback {

    private final List<Provider> installed = new ArrayList<>();

    /** Installs a provider before all others, until the test ends. */
    public void installFirst(Provider provider) {
        Security.insertProviderAt(provider, 1);
        installed.add(provider);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        installed.forEach(provider -> Security.removeProvider(provider.getName()));
        installed.clear();
    }
}
