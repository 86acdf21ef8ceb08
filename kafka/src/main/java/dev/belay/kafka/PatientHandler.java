// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import dev.belay.contracts.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Hands records to a handler as {@link RecordHandler} promises, for views and for work queues alike: again and again with
 * back-off, unreadable and refused ones once to the dead-letter topic.
 */
public final class PatientHandler<V> implements AutoCloseable {
    private final String name;
    private final Topic<V> topic;
    private final RecordHandler<V> handler;
    private final DeadLetters deadLetters;
    private final Deserializer<V> deserializer;
    private final CountDownLatch closed;

    /** @param consumer who handles, for the dead-letter topic */
    public PatientHandler(KafkaSettings settings, String consumer, Topic<V> topic, RecordHandler<V> handler) {
        this(settings, consumer, topic, handler, new CountDownLatch(1));
    }

    PatientHandler(
            KafkaSettings settings, String consumer, Topic<V> topic, RecordHandler<V> handler, CountDownLatch closed) {
        this.name = settings.nameOf(topic);
        this.topic = topic;
        this.handler = handler;
        this.deadLetters = DeadLetters.shared(settings, consumer);
        this.deserializer = topic.serde().deserializer();
        this.closed = closed;
    }

    /**
     * Blocks until the record was handled or put away.
     *
     * @return false if it was neither because of {@link #close}: it must come again at the next start
     */
    public boolean take(ConsumerRecord<byte[], byte[]> found) {
        return new Retry("a record of " + name + " at " + found.partition() + ":" + found.offset(), closed)
                .once(() -> attempt(found));
    }

    /** Lets {@link #take} return. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void attempt(ConsumerRecord<byte[], byte[]> found) {
        try {
            String key = found.key() == null ? "" : new String(found.key(), StandardCharsets.UTF_8);
            V value = deserializer.deserialize(found.topic(), found.value());
            handler.accept(key, value, Instant.ofEpochMilli(found.timestamp()));
        } catch (IllegalArgumentException | SerializationException e) {
            deadLetters.add(topic, found.key(), found.value(), String.valueOf(e.getMessage()));
        }
    }
}
