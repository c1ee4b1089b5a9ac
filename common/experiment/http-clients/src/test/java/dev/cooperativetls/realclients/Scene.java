package dev.cooperativetls.realclients;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where a scenario is played.
 *
 * @param server {@code https://localhost:PORT}
 */
record Scene(Setup setup, Tls tls, URI server, Path anotherCaFile) {

    Client client() {
        return setup.client(tls);
    }

    URI uri(String path) {
        return server.resolve(path);
    }

    URI uri(PassThrough way, String path) {
        return URI.create("https://localhost:" + way.port() + path);
    }
}
