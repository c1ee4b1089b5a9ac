package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cooperativetls.events.Start.TlsProvider;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsProvidersTest {

    /** A provider that offers the JDK's TLS under another name. */
    public static final class First extends Provider {

        private static final long serialVersionUID = 1;

        public First() {
            super("First", "1.0", "the JDK's TLS");
            Service own = Security.getProvider("SunJSSE").getService("SSLContext", "TLS");
            putService(new Service(this, "SSLContext", "TLS", own.getClassName(), List.of(), null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    return own.newInstance(parameter);
                }
            });
        }
    }

    /** A provider without TLS, like BouncyCastle's. */
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

    /** A provider like one whose native library is missing. It offers TLS, but cannot create a context. */
    public static final class WithoutItsLibrary extends Provider {

        private static final long serialVersionUID = 1;

        public WithoutItsLibrary() {
            super("WithoutItsLibrary", "1.0", "TLS in native code");
            putService(new Service(this, "SSLContext", "TLS", "a.Context", List.of(), null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    throw new NoSuchAlgorithmException("no TLS here",
                            new UnsatisfiedLinkError("libacme.so: cannot open shared object file"));
                }
            });
        }
    }

    private final List<Provider> before = List.of(Security.getProviders());

    @TempDir
    private Path folder;

    @AfterEach
    void remove() {
        Security.removeProvider("First");
        Security.removeProvider("WithoutTls");
        Security.removeProvider("WithoutItsLibrary");
        assertThat(Security.getProviders()).containsExactlyElementsOf(before);
    }

    @Test
    void the_first_tls_provider_on_the_class_path_is_installed_first() throws Exception {
        String[] providers = {WithoutTls.class.getName(), First.class.getName(), Broken.class.getName()};
        try (URLClassLoader classPath = naming(providers)) {
            install(classPath);
            assertThat(Security.getProviders()[0].getName()).isEqualTo("First");
            assertThat(Security.getProviders()).hasSize(before.size() + 1);

            TlsProvider inForce = TlsProviders.describe(SSLContext.getInstance("TLS").getProvider());
            assertThat(inForce).isEqualTo(new TlsProvider("First", "1.0", "the JDK's TLS", "test-classes"));
        }
    }

    @Test
    void a_provider_that_is_installed_already_moves_to_the_front() throws IOException {
        try (URLClassLoader classPath = naming(First.class.getName())) {
            Security.addProvider(new First());
            install(classPath);
            assertThat(Security.getProviders()[0].getName()).isEqualTo("First");
        }
    }

    @Test
    void without_a_tls_provider_on_the_class_path_the_order_stays() throws Exception {
        try (URLClassLoader classPath = naming(WithoutTls.class.getName())) {
            install(classPath);
            assertThat(Security.getProviders()).containsExactlyElementsOf(before);
            assertThat(TlsProviders.describe(SSLContext.getDefault().getProvider()).from()).isEqualTo("JDK");
        }
    }

    @Test
    void a_missing_provider_class_is_an_error_that_names_it() throws IOException {
        try (URLClassLoader classPath = naming("org.example.Missing")) {
            assertThatExceptionOfType(ServiceConfigurationError.class)
                    .isThrownBy(() -> install(classPath)).withMessageContaining("org.example.Missing");
        }
    }

    @Test
    void a_provider_that_cannot_be_created_is_an_error_that_names_it() throws IOException {
        try (URLClassLoader classPath = naming(Broken.class.getName(), First.class.getName())) {
            assertThatExceptionOfType(ServiceConfigurationError.class)
                    .isThrownBy(() -> install(classPath)).withMessageContaining(Broken.class.getName());
            assertThat(Security.getProviders()).containsExactlyElementsOf(before);
        }
    }

    @Test
    void the_program_reports_the_provider_on_its_class_path() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            assertThat(runWith(First.class.getName(), "--url", server.url(), "--insecure").out())
                    .contains("TLS provider: First 1.0 (test-classes): the JDK's TLS", "valid: 10");
        }
    }

    @Test
    void the_program_reports_a_broken_provider_in_one_line() throws IOException {
        Run run = runWith("org.example.Missing", "--url", "http://localhost:1/");
        assertThat(run.err()).startsWith("fetch: a TLS provider").contains("org.example.Missing").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void a_provider_that_the_jdk_skips_is_an_error_with_its_root_cause() throws IOException {
        Run run = runWith(WithoutItsLibrary.class.getName(), "--url", "https://localhost:1/", "--insecure");
        assertThat(run.err()).endsWith("fetch: the JDK skipped TLS provider WithoutItsLibrary and used SunJSSE:"
                + " UnsatisfiedLinkError: libacme.so: cannot open shared object file\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void a_provider_without_a_default_context_cannot_serve_the_jvms_trust_store() throws IOException {
        Run run = runWith(First.class.getName(), "--url", "https://localhost:1/");
        assertThat(run.err()).isEqualTo("fetch: the JDK skipped TLS provider First and used SunJSSE:"
                + " it has no default SSLContext; give --ca-file\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void the_requested_providers_are_installed_first_in_their_order() throws Exception {
        List<String> names = List.of(First.class.getName(), WithoutTls.class.getName());

        assertThat(TlsProviders.install(names).getName()).isEqualTo("First");
        assertThat(Security.getProviders()).hasSize(before.size() + 2);
        assertThat(Security.getProviders()[0].getName()).isEqualTo("First");
        assertThat(Security.getProviders()[1].getName()).isEqualTo("WithoutTls");
        assertThat(SSLContext.getInstance("TLS").getProvider().getName()).isEqualTo("First");
    }

    @Test
    void a_provider_can_be_requested_by_the_name_of_a_service() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            assertThat(runWith(First.class.getName(), "--url", server.url(), "--insecure", "--provider", "First").out())
                    .contains("TLS provider: First 1.0 (test-classes): the JDK's TLS", "valid: 10");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no.such.Provider  | 2 | --provider: no provider 'no.such.Provider'",
        "java.lang.Object  | 2 | --provider: java.lang.Object is not a usable provider: it must extend",
        "WithoutTls        | 2 | --provider: WithoutTls has no SSLContext TLS: give the TLS provider first",
        "Broken            | 1 | a TLS provider on the class path cannot be loaded: ",
    })
    void an_unusable_provider_is_reported_in_one_line(String name, int exitCode, String message) {
        String provider = name.contains(".") ? name : TlsProvidersTest.class.getName() + "$" + name;
        Run run = Run.of("--url", "http://localhost:1/", "--provider", provider);
        assertThat(run.err()).startsWith("fetch: ").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
    }

    /** The set-up that a library needs before its provider can be used. */
    public static final class Setup implements Runnable {

        @Override
        public void run() {
            Security.addProvider(new First());
        }
    }

    public static final class BrokenSetup implements Runnable {

        @Override
        public void run() {
            throw new UnsatisfiedLinkError("no acme in java.library.path");
        }
    }

    @Test
    void a_setup_runs_before_the_search_for_the_provider() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            assertThat(Run.of("--url", server.url(), "--insecure", "--setup", Setup.class.getName(),
                    "--provider", "First").out()).contains("TLS provider: First 1.0", "valid: 10");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no.such.Setup    | 2 | --setup: no class 'no.such.Setup' on the class path",
        "java.lang.Object | 2 | --setup: java.lang.Object must implement Runnable and have a public constructor",
        "BrokenSetup      | 1 | BrokenSetup failed: UnsatisfiedLinkError: no acme in java.library.path",
    })
    void a_setup_that_cannot_run_is_reported_in_one_line(String name, int exitCode, String message) {
        String setup = name.contains(".") ? name : TlsProvidersTest.class.getName() + "$" + name;
        Run run = Run.of("--url", "http://localhost:1/", "--setup", setup);
        assertThat(run.err()).startsWith("fetch: ").contains(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    private Run runWith(String provider, String... args) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader classPath = naming(provider)) {
            thread.setContextClassLoader(classPath);
            return Run.of(args);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void install(ClassLoader classPath) {
        TlsProviders.installFirst(ServiceLoader.load(Provider.class, classPath));
    }

    private URLClassLoader naming(String... providers) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(Provider.class.getName()), List.of(providers));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, TlsProvidersTest.class.getClassLoader());
    }
}
