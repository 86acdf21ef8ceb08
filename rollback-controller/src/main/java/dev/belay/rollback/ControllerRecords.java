// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.Topic;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/** Where the controller writes: every record is acknowledged by the broker before the caller goes on. */
@Singleton
public class ControllerRecords {
    /** Name of the service: consumer group, source of its events, part of its dead-letter topics. */
    static final String SERVICE = "rollback-controller";

    private final KafkaSettings settings = KafkaSettings.configured();
    private final RecordPublisher publisher = new RecordPublisher(settings, SERVICE);

    KafkaSettings settings() {
        return settings;
    }

    /**
     * Writes a record and waits for the broker.
     *
     * @throws IllegalStateException if the broker has not acknowledged it in {@code patience}; it may still do so later
     */
    <V> void write(Topic<V> topic, String key, V value, String eventId, Duration patience) {
        try {
            publisher
                    .publish(topic, key, value, eventId)
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing " + key + " to " + topic.name(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the broker has not acknowledged " + key + " on " + topic.name(), e);
        }
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
