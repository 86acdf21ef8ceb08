// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Topic;
import dev.belay.edge.EdgePublisher;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The way out to Kafka for requests, which never wait for the broker on their own thread: a bounded queue and one sender.
 */
@Singleton
public class Outbound {
    private static final int CAPACITY = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EdgePublisher publisher;
    private final BlockingQueue<Item<?>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private @Nullable Thread sender;

    private record Item<V>(
            Topic<V> topic, String key, V value, String id, long deadline, CompletableFuture<Void> done) {}

    /** The broker is not taking records fast enough, or not at all. */
    public static final class NotWritten extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotWritten(String message) {
            super(message, null, false, false);
        }
    }

    Outbound(EdgePublisher publisher) {
        this.publisher = publisher;
    }

    void start(@Observes StartupEvent event) {
        Thread thread = new Thread(this::run, "flag-edge-outbound");
        thread.setDaemon(true);
        thread.start();
        sender = thread;
    }

    @PreDestroy
    void stop() {
        if (sender != null) {
            sender.interrupt();
        }
        List<Item<?>> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(item -> item.done().completeExceptionally(new NotWritten("the edge is being stopped")));
    }

    /**
     * Sends a record; never blocks.
     *
     * @return completes when the broker has acknowledged it; fails with {@link NotWritten} when the queue is full or the
     *     record waited too long in it, else as {@link EdgePublisher#publish}
     */
    public <V> CompletionStage<Void> send(Topic<V> topic, String key, V value, String id) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        if (!queue.offer(new Item<>(topic, key, value, id, deadline, done))) {
            done.completeExceptionally(new NotWritten("too many records are waiting for the broker"));
        }
        return done;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                publish(queue.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <V> void publish(Item<V> item) {
        if (System.nanoTime() > item.deadline()) {
            item.done().completeExceptionally(new NotWritten("the broker did not take the record in time"));
            return;
        }
        var ignored = publisher
                .publish(item.topic(), item.key(), item.value(), item.id())
                .whenComplete((written, failure) -> {
                    if (failure == null) {
                        item.done().complete(written);
                    } else {
                        item.done().completeExceptionally(failure);
                    }
                });
    }
}
