// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Topic;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/** The edge's own writer: a type of its own, because in one JVM every service has one. */
@Singleton
public class EdgePublisher {
    private final RecordPublisher publisher = new RecordPublisher(KafkaSettings.configured(), "flag-edge");

    /** Writes a record, as {@link RecordPublisher#publish}. */
    public <V> CompletionStage<Void> publish(Topic<V> topic, String key, V value, String eventId) {
        return publisher.publish(topic, key, value, eventId);
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
