// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.Topic;
import dev.belay.edge.EdgePublisher;
import dev.belay.kafka.RecordPublisher.Prepared;
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
    /** Records that may wait. */
    private static final int CAPACITY = 50_000;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EdgePublisher publisher;
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable Thread sender;

    private record Item(List<Prepared> records, long deadline, CompletableFuture<Void> done) {}

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
        List<Item> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(item -> item.done().completeExceptionally(new NotWritten("the edge is being stopped")));
    }

    /**
     * Sends a record; never blocks.
     *
     * @return completes when the broker has acknowledged it; fails with {@link NotWritten} when the queue is full or the
     *     record waited too long in it, else as {@link EdgePublisher#publish(Topic, String, Object, String)}
     */
    public <V> CompletionStage<Void> send(Topic<V> topic, String key, V value, String id) {
        return send(List.of(publisher.prepare(topic, key, value, id)));
    }

    /**
     * Sends records; never blocks. None are sent at once, whatever the broker does.
     *
     * @return completes when the broker has acknowledged all of them; fails as {@link #send(Topic, String, Object, String)}
     *     when one of them has not been
     */
    public CompletionStage<Void> send(List<Prepared> records) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (records.isEmpty()) {
            done.complete(null);
        } else if (waiting.addAndGet(records.size()) > CAPACITY) {
            waiting.addAndGet(-records.size());
            done.completeExceptionally(new NotWritten("too many records are waiting for the broker"));
        } else {
            queue.add(new Item(records, System.nanoTime() + PATIENCE.toNanos(), done));
        }
        return done;
    }

    /** Makes the bytes of a record. */
    public <V> Prepared prepare(Topic<V> topic, String key, V value, String id) {
        return publisher.prepare(topic, key, value, id);
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

    private void publish(Item item) {
        waiting.addAndGet(-item.records().size());
        if (System.nanoTime() > item.deadline()) {
            item.done().completeExceptionally(new NotWritten("the broker did not take the record in time"));
            return;
        }
        var ignored = publisher.publish(item.records()).whenComplete((written, failure) -> {
            if (failure == null) {
                item.done().complete(written);
            } else {
                item.done().completeExceptionally(failure);
            }
        });
    }
}
