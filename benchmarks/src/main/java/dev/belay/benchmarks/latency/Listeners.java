// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.belay.benchmarks.process.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import org.jspecify.annotations.Nullable;

/** Clients of a stream of server-sent events, each with a connection of its own. */
final class Listeners implements AutoCloseable {
    private static final int OK = 200;
    private static final int WAVE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DATA = "data:";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;

    /**
     * Connects all, some at a time.
     *
     * @param data called with the data of each event, on a thread of the client's
     */
    static Listeners connect(int clients, int port, String path, Map<String, String> headers, Consumer<String> data) {
        Listeners listeners = new Listeners();
        HttpClient client = listeners.vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(clients));
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET).setURI(path);
        headers.forEach(options::putHeader);
        for (int i = 0; i < clients; i++) {
            client.request(options)
                    .compose(HttpClientRequest::send)
                    .onComplete(
                            response -> listeners.listen(response, data),
                            failed -> listeners.failure.compareAndSet(null, failed));
            int asked = i + 1;
            if (asked % WAVE == 0 || asked == clients) {
                Patience.until(asked + " clients are connected", PATIENCE, () -> listeners.open() >= asked);
            }
        }
        return listeners;
    }

    /**
     * Returns how many streams are open.
     *
     * @throws IllegalStateException if one failed or has ended
     */
    int open() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a stream broke: " + failed.getMessage(), failed);
        }
        return open.get();
    }

    private void listen(HttpClientResponse response, Consumer<String> data) {
        if (response.statusCode() != OK) {
            failure.compareAndSet(null, new IllegalStateException("answered " + response.statusCode()));
            return;
        }
        RecordParser lines = RecordParser.newDelimited("\n", line -> {
            String text = line.toString();
            if (text.startsWith(DATA)) {
                data.accept(text.substring(DATA.length()));
            }
        });
        response.handler(lines);
        response.exceptionHandler(this::broke);
        response.endHandler(end -> broke(new IllegalStateException("the server ended it")));
        open.incrementAndGet();
    }

    private void broke(Throwable problem) {
        if (!closing) {
            failure.compareAndSet(null, problem);
        }
    }

    @Override
    public void close() {
        closing = true;
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
