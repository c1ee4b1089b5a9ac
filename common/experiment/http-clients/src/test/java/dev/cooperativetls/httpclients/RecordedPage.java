package dev.cooperativetls.httpclients;

import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.PageProgress;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page that records the client's reports for a test. */
final class RecordedPage implements PageProgress {

    final List<Step> steps = new CopyOnWriteArrayList<>();
    volatile String tls;
    volatile Class<?> socket;
    volatile int status;
    volatile String http;
    volatile byte[] body;

    @Override
    public int id() {
        return 0;
    }

    @Override
    public void reached(Step step) {
        steps.add(step);
    }

    @Override
    public void handshaken(String protocol, String cipherSuite) {
        steps.add(Step.HANDSHAKEN);
        tls = protocol + " " + cipherSuite;
    }

    @Override
    public void connectedBy(Class<?> socket) {
        this.socket = socket;
    }

    @Override
    public void answered(int status, String http) {
        steps.add(Step.FIRST_BYTE);
        this.status = status;
        this.http = http;
    }

    @Override
    public void read(InputStream in) throws IOException {
        try (in) {
            body = in.readAllBytes();
        }
    }
}
