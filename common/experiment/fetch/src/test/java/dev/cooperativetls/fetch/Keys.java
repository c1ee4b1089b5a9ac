package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** For the tests: servers' keys and certificates, made by the JDK's keytool. */
final class Keys {

    /** An option of keytool's, for a certificate of this host. */
    static final String LOCAL = "san=dns:localhost,ip:127.0.0.1";

    private static final String PASSWORD = "fresh-and-thrown-away";

    private final Path folder;
    private final Path file;

    Keys(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("keys.p12");
    }

    /** Those of a server on this host, under the alias "local". */
    static Keys ofThisHost(Path folder) throws Exception {
        var keys = new Keys(folder);
        keys.make("local", "-ext", LOCAL);
        return keys;
    }

    void make(String alias, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + alias,
                "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }

    String pem(String alias) throws GeneralSecurityException, IOException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(all().getCertificate(alias).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    String caFile(String alias) throws GeneralSecurityException, IOException {
        return Files.writeString(folder.resolve(alias + ".pem"), pem(alias)).toString();
    }

    /** Of a server that shows the certificate of that name. */
    SSLContext context(String alias) throws GeneralSecurityException, IOException {
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(alias, all().getKey(alias, PASSWORD.toCharArray()), PASSWORD.toCharArray(),
                all().getCertificateChain(alias));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** The server's end of a TLS connection over this one. */
    static SSLSocket secured(SSLContext context, Socket plain) throws IOException {
        var secured = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secured.setUseClientMode(false);
        return secured;
    }

    private KeyStore all() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }
}
