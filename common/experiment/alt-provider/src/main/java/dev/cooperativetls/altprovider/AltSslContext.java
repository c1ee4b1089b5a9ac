package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context of the {@link EngineSource}, except that its client sockets are {@link WrappedSocket}s. Engines, server
 * sockets and sessions are those of the engine source.
 */
final class AltSslContext extends SSLContextSpi {

    /** The name of the context that is initialized from the JVM's system properties. */
    static final String DEFAULT = "Default";

    private final SSLContext engines;
    private final ProviderSettings settings;
    private final boolean initialized;

    AltSslContext(String algorithm, ProviderSettings settings) throws GeneralSecurityException, IOException {
        this.engines = settings.engine().context(algorithm);
        this.settings = settings;
        this.initialized = algorithm.equals(DEFAULT);
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws KeyManagementException {
        if (initialized) {
            throw new KeyManagementException("The default SSLContext is initialized already: ask for TLS");
        }
        try {
            settings.engine().init(engines, keys, trust, random);
        } catch (KeyManagementException e) {
            throw e;
        } catch (GeneralSecurityException e) { // the JVM's trust store is used if trust is null, and cannot be read
            throw new KeyManagementException(e);
        }
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return new WrappedSocketFactory(engines, settings);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return engines.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return engines.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return engines.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return engines.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return engines.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return engines.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        SSLParameters supported = engines.getSupportedSSLParameters();
        supported.setCipherSuites(settings.engine().supportedCipherSuites(engines));
        return supported;
    }
}
