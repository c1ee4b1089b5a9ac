package dev.cooperativetls.realclients;

import java.io.IOException;
import java.net.URI;

/** An HTTP client as its users have it. Several threads may use it at once. */
interface Client extends AutoCloseable {

    /** @param body what to POST; null for a GET */
    record Request(URI uri, byte[] body) {

        static Request get(URI uri) {
            return new Request(uri, null);
        }
    }

    /** @param protocol by its name in ALPN: {@code http/1.1} or {@code h2} */
    record Answer(int status, String protocol, byte[] body) {}

    /** Is told how far a request has come. */
    interface Marks {

        /** It is about to be sent. */
        void sent();

        /** The head of the response is here. */
        void firstByte();
    }

    /** Sends a request and reads the whole answer, whatever its status. */
    Answer send(Request request, Marks marks) throws IOException, InterruptedException;

    /** The class of the TLS socket that it used last; null if it uses none. */
    String socketClass();

    /** Closes the connections that it keeps, where it can. */
    @Override
    void close() throws IOException;
}
