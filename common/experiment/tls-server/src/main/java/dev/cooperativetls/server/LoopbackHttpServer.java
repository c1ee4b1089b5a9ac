package dev.cooperativetls.server;

import com.github.tomakehurst.wiremock.common.HttpsSettings;
import com.github.tomakehurst.wiremock.common.JettySettings;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty94.Jetty94HttpServer;
import com.github.tomakehurst.wiremock.servlet.WireMockHandlerDispatchingServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;
import wiremock.org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import wiremock.org.eclipse.jetty.http.BadMessageException;
import wiremock.org.eclipse.jetty.http.HttpStatus;
import wiremock.org.eclipse.jetty.http2.HTTP2Cipher;
import wiremock.org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import wiremock.org.eclipse.jetty.io.NetworkTrafficListener;
import wiremock.org.eclipse.jetty.server.ConnectionFactory;
import wiremock.org.eclipse.jetty.server.Connector;
import wiremock.org.eclipse.jetty.server.Handler;
import wiremock.org.eclipse.jetty.server.HttpConfiguration;
import wiremock.org.eclipse.jetty.server.HttpConnectionFactory;
import wiremock.org.eclipse.jetty.server.Request;
import wiremock.org.eclipse.jetty.server.Server;
import wiremock.org.eclipse.jetty.server.ServerConnector;
import wiremock.org.eclipse.jetty.server.SslConnectionFactory;
import wiremock.org.eclipse.jetty.server.handler.ErrorHandler;
import wiremock.org.eclipse.jetty.server.handler.HandlerCollection;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;
import wiremock.org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * WireMock's Jetty on ports that are bound already, with a given {@link SSLContext}. It has a listener for the begin
 * and end of each request, and no admin interface on the network.
 */
final class LoopbackHttpServer extends Jetty94HttpServer {

    private static final int MAX_STREAMS = 4096;

    private final LoopbackPort https;
    private final LoopbackPort http;
    private final SSLContext tls;
    private final InFlightListener listener;
    private ExecutorService delayedAnswers;

    LoopbackHttpServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs,
            LoopbackPort https, LoopbackPort http, SSLContext tls, InFlightListener listener) {
        // The fields are set before super(), because super() calls the methods below.
        this.https = https;
        this.http = http;
        this.tls = tls;
        this.listener = listener;
        super(options, admin, stubs);
    }

    @Override
    protected ServerConnector createHttpConnector(
            String host, int port, JettySettings settings, NetworkTrafficListener traffic) {
        return connector(http.ipv4(), settings, traffic, httpProtocols(settings));
    }

    @Override
    protected ServerConnector createHttpsConnector(Server server, String host, HttpsSettings httpsSettings,
            JettySettings settings, NetworkTrafficListener traffic) {
        return connector(https.ipv4(), settings, traffic, httpsProtocols(settings));
    }

    @Override
    protected void applyAdditionalServerConfiguration(Server server, Options options) {
        var errorPages = new ErrorHandler();
        errorPages.setShowStacks(false);
        server.setErrorHandler(errorPages);
        var settings = options.jettySettings();
        var traffic = new NetworkTrafficListener() { };
        http.ipv6().ifPresent(channel ->
                server.addConnector(connector(channel, settings, traffic, httpProtocols(settings))));
        https.ipv6().ifPresent(channel ->
                server.addConnector(connector(channel, settings, traffic, httpsProtocols(settings))));
    }

    @Override
    protected HttpConfiguration createHttpConfig(JettySettings settings) {
        HttpConfiguration configuration = super.createHttpConfig(settings);
        configuration.addCustomizer(LoopbackHttpServer::prepare);
        return configuration;
    }

    private static void prepare(Connector connector, HttpConfiguration configuration, Request request) {
        // WireMock keeps the servlet's timeout of 30 s for asynchronous answers, so a longer delay would be an error.
        request.getHttpChannelState().setTimeout(0);
        try {
            DelayTransformer.arguments(Objects.requireNonNullElse(request.getQueryString(), ""));
        } catch (IllegalArgumentException e) {
            // WireMock's own parser would answer 500 with a stack trace.
            throw new BadMessageException(HttpStatus.BAD_REQUEST_400, "malformed query");
        }
    }

    @Override
    protected HandlerCollection createHandler(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
        HandlerCollection handlers = super.createHandler(options, admin, stubs);
        for (Handler handler : handlers.getHandlers()) {
            if (handler instanceof ServletContextHandler context) {
                if (context.getContextPath().equals("/__admin")) {
                    handlers.removeHandler(context);
                } else if (context.getAttribute(WireMockHandlerDispatchingServlet.ASYNCHRONOUS_RESPONSE_EXECUTOR)
                        instanceof ExecutorService executor) {
                    delayedAnswers = executor;
                }
            }
        }
        return handlers;
    }

    /** Stops the server and drops the delayed answers. WireMock alone keeps the JVM alive until the last one is due. */
    @Override
    public void stop() {
        delayedAnswers.shutdownNow();
        super.stop();
    }

    private ServerConnector connector(ServerSocketChannel channel, JettySettings settings,
            NetworkTrafficListener traffic, ConnectionFactory... protocols) {
        ServerConnector connector = createServerConnector(null, settings, 0, traffic, protocols);
        connector.addBean(listener);
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private ConnectionFactory[] httpProtocols(JettySettings settings) {
        return new ConnectionFactory[] {new HttpConnectionFactory(createHttpConfig(settings))};
    }

    private ConnectionFactory[] httpsProtocols(JettySettings settings) {
        var sslContextFactory = new SslContextFactory.Server();
        sslContextFactory.setSslContext(tls);
        sslContextFactory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        sslContextFactory.setCipherComparator(HTTP2Cipher.COMPARATOR);
        HttpConfiguration configuration = createHttpConfig(settings);
        var http1 = new HttpConnectionFactory(configuration);
        var http2 = new HTTP2ServerConnectionFactory(configuration);
        http2.setMaxConcurrentStreams(MAX_STREAMS);
        http2.setStreamIdleTimeout(settings.getIdleTimeout().get());
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        var ssl = new SslConnectionFactory(sslContextFactory, alpn.getProtocol());
        return new ConnectionFactory[] {ssl, alpn, http2, http1};
    }
}
