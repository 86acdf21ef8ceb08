// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.edge;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/** Some connections that each send a request as soon as the one before is answered. */
final class Load implements AutoCloseable {
    private static final int LOOPS = 2;
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;
    private static final Duration LATE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final int connections;

    /** @param connections open at once, kept alive */
    Load(int connections) {
        this.connections = connections;
    }

    /**
     * Sends for a time.
     *
     * @param shots sent in turn
     * @return answers per second
     * @throws IllegalStateException if a request fails or is answered by anything but success
     */
    double run(int port, List<Shot> shots, Duration time) {
        Round round = new Round(port, shots, System.nanoTime(), time.toNanos(), connections);
        Future<String> deployed = vertx.deployVerticle(
                () -> new Gun(round, Math.max(1, connections / LOOPS)),
                new DeploymentOptions().setInstances(Math.min(LOOPS, connections)));
        try {
            boolean ended = round.done.await(time.plus(LATE).toMillis(), TimeUnit.MILLISECONDS);
            Throwable failed = round.failure.get();
            if (failed != null || !ended) {
                throw new IllegalStateException("a request to port " + port + " failed or was not answered", failed);
            }
            double seconds = (System.nanoTime() - round.begun) / 1e9;
            deployed.toCompletionStage()
                    .thenCompose(id -> vertx.undeploy(id).toCompletionStage())
                    .toCompletableFuture()
                    .join();
            return round.answered.get() / seconds;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static final class Round {
        private final int port;
        private final List<Shot> shots;
        private final long begun;
        private final long nanos;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicLong answered = new AtomicLong();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final CountDownLatch done;

        Round(int port, List<Shot> shots, long begun, long nanos, int connections) {
            this.port = port;
            this.shots = shots;
            this.begun = begun;
            this.nanos = nanos;
            this.done = new CountDownLatch(Math.min(LOOPS, connections) * Math.max(1, connections / LOOPS));
        }

        boolean isOver() {
            return System.nanoTime() - begun > nanos || failure.get() != null;
        }

        Shot shot() {
            return shots.get(Math.floorMod(next.getAndIncrement(), shots.size()));
        }
    }

    /** The connections of one event loop. */
    private static final class Gun extends AbstractVerticle {
        private final Round round;
        private final int connections;
        private @Nullable HttpClient client;

        Gun(Round round, int connections) {
            this.round = round;
            this.connections = connections;
        }

        @Override
        public void start() {
            HttpClient opened = vertx.createHttpClient(
                    new HttpClientOptions()
                            .setDefaultHost("127.0.0.1")
                            .setDefaultPort(round.port)
                            .setKeepAlive(true),
                    new PoolOptions().setHttp1MaxSize(connections));
            client = opened;
            for (int i = 0; i < connections; i++) {
                fire(opened);
            }
        }

        private void fire(HttpClient from) {
            if (round.isOver()) {
                round.done.countDown();
                return;
            }
            Shot shot = round.shot();
            RequestOptions options =
                    new RequestOptions().setMethod(HttpMethod.POST).setURI(shot.path());
            shot.headers().forEach(options::putHeader);
            from.request(options)
                    .compose(request -> request.send(shot.body()))
                    .compose(Gun::read)
                    .onComplete(
                            read -> {
                                round.answered.incrementAndGet();
                                fire(from);
                            },
                            failed -> {
                                round.failure.compareAndSet(null, failed);
                                fire(from);
                            });
        }

        private static Future<Void> read(HttpClientResponse response) {
            if (response.statusCode() / HUNDRED != SUCCESS) {
                return response.body()
                        .compose(body -> Future.failedFuture("answered " + response.statusCode() + ": " + body));
            }
            return response.end();
        }

        @Override
        public void stop() {
            if (client != null) {
                var ignored = client.close();
            }
        }
    }
}
