package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProviderTest {

    /** Lends the JDK's own implementation under another name. */
    static class Lending extends Provider {

        private static final long serialVersionUID = 1;

        Lending(String name) {
            super(name, "1.0", "lends the JDK's TLS");
            Service own = Security.getProvider("SunJSSE").getService("SSLContext", "TLS");
            putService(new Service(this, "SSLContext", "TLS", own.getClassName(), List.of(), null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    return own.newInstance(parameter);
                }
            });
        }
    }

    /** Named in a service file, as the next two. */
    public static final class First extends Lending {

        private static final long serialVersionUID = 1;

        public First() {
            super("First");
        }
    }

    /** Brings no TLS, as BouncyCastle's. */
    public static final class WithoutTls extends Provider {

        private static final long serialVersionUID = 1;

        public WithoutTls() {
            super("WithoutTls", "1.0", "no TLS");
        }
    }

    public static final class Broken extends Provider {

        private static final long serialVersionUID = 1;

        public Broken() {
            super("Broken", "1.0", "does not start");
            throw new IllegalStateException("broken");
        }
    }

    private final List<Provider> before = List.of(Security.getProviders());

    @TempDir
    private Path folder;

    @AfterEach
    void remove() {
        Security.removeProvider("First");
        assertThat(Security.getProviders()).containsExactlyElementsOf(before);
    }

    @Test
    void the_first_provider_of_tls_on_the_class_path_comes_first() throws Exception {
        String[] providers = {WithoutTls.class.getName(), First.class.getName(), Broken.class.getName()};
        try (URLClassLoader classPath = naming(providers)) {
            takeFrom(classPath);
            assertThat(Security.getProviders()[0].getName()).isEqualTo("First");
            assertThat(Security.getProviders()).hasSize(before.size() + 1);

            TlsProvider inForce = TlsProvider.of(SSLContext.getInstance("TLS").getProvider());
            assertThat(inForce).isEqualTo(new TlsProvider("First", "1.0", "lends the JDK's TLS", "test-classes"));
        }
    }

    @Test
    void one_that_is_there_already_moves_to_the_front() throws IOException {
        try (URLClassLoader classPath = naming(First.class.getName())) {
            Security.addProvider(new First());
            takeFrom(classPath);
            assertThat(Security.getProviders()[0].getName()).isEqualTo("First");
        }
    }

    @Test
    void without_any_the_jdk_is_left_as_it_is() throws Exception {
        try (URLClassLoader classPath = naming(WithoutTls.class.getName())) {
            takeFrom(classPath);
            assertThat(Security.getProviders()).containsExactlyElementsOf(before);
            assertThat(TlsProvider.of(SSLContext.getDefault().getProvider()).from()).isEqualTo("JDK");
        }
    }

    @Test
    void one_that_cannot_be_found_is_an_error_that_names_it() throws IOException {
        try (URLClassLoader classPath = naming("org.example.Missing")) {
            assertThatExceptionOfType(ServiceConfigurationError.class)
                    .isThrownBy(() -> takeFrom(classPath)).withMessageContaining("org.example.Missing");
        }
    }

    @Test
    void one_that_does_not_start_is_an_error_that_names_it_and_none_is_taken() throws IOException {
        try (URLClassLoader classPath = naming(Broken.class.getName(), First.class.getName())) {
            assertThatExceptionOfType(ServiceConfigurationError.class)
                    .isThrownBy(() -> takeFrom(classPath)).withMessageContaining(Broken.class.getName());
            assertThat(Security.getProviders()).containsExactlyElementsOf(before);
        }
    }

    @Test
    void the_program_takes_it_and_says_so() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try (URLClassLoader classPath = naming(First.class.getName()); var server = new RawServer(RawServer::valid)) {
            thread.setContextClassLoader(classPath);
            assertThat(Run.of("--url", server.url(), "--insecure").out())
                    .contains("TLS provider: First 1.0 (test-classes): lends the JDK's TLS", "valid: 10");
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    @Test
    void the_program_ends_with_one_line_when_it_cannot() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try (URLClassLoader classPath = naming("org.example.Missing")) {
            thread.setContextClassLoader(classPath);
            Run run = Run.of("--url", "http://localhost:1/");
            assertThat(run.err()).startsWith("fetch: a TLS provider").contains("org.example.Missing").hasLineCount(1);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    private static void takeFrom(ClassLoader classPath) {
        TlsProvider.takeFrom(ServiceLoader.load(Provider.class, classPath));
    }

    private URLClassLoader naming(String... providers) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(Provider.class.getName()), List.of(providers));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, TlsProviderTest.class.getClassLoader());
    }
}
