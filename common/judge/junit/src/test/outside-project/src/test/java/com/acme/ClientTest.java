package com.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.cooperativetls.junit.ShouldHoldCarrier;
import dev.cooperativetls.junit.ShouldNotHoldCarrier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {

    @Test
    @ShouldNotHoldCarrier
    void ten_requests_of_okhttp() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Native.sleep(Duration.ofMillis(300));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        var executor = Executors.newCachedThreadPool();
        server.setExecutor(executor);
        server.start();
        var client = new OkHttpClient();
        try {
            var request = new Request.Builder().url("http://127.0.0.1:" + server.getAddress().getPort()).build();
            Native.onVirtualThreads(10, () -> Native.unchecked(() -> {
                try (var response = client.newCall(request).execute()) {
                    assertEquals(204, response.code());
                }
                return null;
            }));
        } finally {
            server.stop(0);
            executor.shutdown();
        }
    }

    @Test
    @ShouldHoldCarrier(by = "com.acme.Native::poll")
    void a_known_wait_in_native_code() throws Exception {
        Native.onVirtualThreads(1, () -> Native.poll(Duration.ofMillis(500)));
    }

    @Nested
    @ShouldNotHoldCarrier
    class Inside {

        @RepeatedTest(2)
        void a_repeated_sleep() throws Exception {
            Native.onVirtualThreads(4, () -> Native.sleep(Duration.ofMillis(100)));
        }

        @ParameterizedTest
        @ValueSource(ints = {300, 400})
        void a_parameterized_wait_in_native_code(int millis) throws Exception {
            Native.onVirtualThreads(1, () -> Native.poll(Duration.ofMillis(millis)));
        }
    }
}
