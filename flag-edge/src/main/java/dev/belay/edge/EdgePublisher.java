// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Topic;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordPublisher.Prepared;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/** The edge's own writer: a type of its own, because in one JVM every service has one. */
@Singleton
public class EdgePublisher {
    /** Requests come side by side: what a few of them bring for one partition costs the broker one batch. */
    private static final Duration LINGER = Duration.ofMillis(5);

    private final RecordPublisher publisher = new RecordPublisher(KafkaSettings.configured(), "flag-edge", LINGER);

    /** Writes a record, as {@link RecordPublisher#publish(Topic, String, Object, String)}. */
    public <V> CompletionStage<Void> publish(Topic<V> topic, String key, V value, String eventId) {
        return publisher.publish(topic, key, value, eventId);
    }

    /** Makes the bytes of a record, as {@link RecordPublisher#prepare}. */
    public <V> Prepared prepare(Topic<V> topic, String key, V value, String eventId) {
        return publisher.prepare(topic, key, value, eventId);
    }

    /** Writes records, as {@link RecordPublisher#publish(List)}. */
    public CompletionStage<Void> publish(List<Prepared> records) {
        return publisher.publish(records);
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
