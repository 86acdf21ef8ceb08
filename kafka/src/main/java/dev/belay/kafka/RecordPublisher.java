// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import dev.belay.contracts.CloudEvents;
import dev.belay.contracts.Topic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records with CloudEvents headers: idempotent, acknowledged by all replicas. Records of one key stay in order.
 *
 * <p>Stages complete on a thread of the publisher's own, never on the client's. {@link #publish} itself may block for up to
 * 10 s while the broker or the topic is unknown. A stage fails after 30 s without an acknowledgement: the record may or may
 * not have been written then. Thread-safe.
 */
public final class RecordPublisher implements AutoCloseable {
    private static final String MAX_BLOCK_MILLIS = "10000";
    private static final String REQUEST_TIMEOUT_MILLIS = "10000";
    private static final String DELIVERY_TIMEOUT_MILLIS = "30000";
    /** Some hundred events: what lingers is worth it only when it fits. */
    private static final int BATCH_BYTES = 64 * 1024;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
    private final KafkaSettings settings;
    private final String source;
    private final Duration linger;
    private final ExecutorService completions;
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /**
     * Makes one that sends each record at once.
     *
     * @param source the writing module, for {@code ce_source}
     */
    public RecordPublisher(KafkaSettings settings, String source) {
        this(settings, source, Duration.ZERO);
    }

    /**
     * @param source the writing module, for {@code ce_source}
     * @param linger how long a record may wait for others of its partition, to be sent and written as one batch, in whole
     *     milliseconds; zero for not at all
     */
    public RecordPublisher(KafkaSettings settings, String source, Duration linger) {
        this(settings, source, linger, properties -> {
            ByteArraySerializer bytes = new ByteArraySerializer();
            return new KafkaProducer<>(properties, bytes, bytes);
        });
    }

    RecordPublisher(
            KafkaSettings settings,
            String source,
            Duration linger,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
        this.producers = producers;
        this.settings = settings;
        this.source = source;
        this.linger = linger;
        this.completions = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, source + "-acknowledgements");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Writes a record.
     *
     * @param key key of the record
     * @param value its value; null for a tombstone
     * @param eventId {@code ce_id}; a repeat carries the same
     * @return completes when the broker has acknowledged it, fails with a {@link KafkaException} when it has not
     */
    public <V> CompletionStage<Void> publish(Topic<V> topic, String key, @Nullable V value, String eventId) {
        try {
            return publish(List.of(prepare(topic, key, value, eventId)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Makes the bytes of a record, on the caller's thread; the same parameters as {@link #publish}. */
    public <V> Prepared prepare(Topic<V> topic, String key, @Nullable V value, String eventId) {
        return new Prepared(write(topic, key, value, eventId));
    }

    /**
     * Writes records, in their order.
     *
     * <p>The first failure ends it: what was not sent by then is not, because it may block as long again for each.
     *
     * @return completes when the broker has acknowledged all, fails with the first failure once none is under way any more
     */
    public CompletionStage<Void> publish(List<Prepared> records) {
        Acknowledgements all = new Acknowledgements(records.size());
        for (int i = 0; i < records.size(); i++) {
            if (all.hasFailed()) {
                all.leaveOut(records.size() - i);
                break;
            }
            Prepared each = records.get(i);
            try {
                Failpoint.reach(Failpoint.PUBLISH_BEFORE_SEND);
                var ignored = producer().send(each.written, (metadata, failure) -> {
                    Failpoint.reach(Failpoint.PUBLISH_BEFORE_ACKNOWLEDGEMENT);
                    all.add(failure);
                });
            } catch (RuntimeException e) {
                all.add(e);
            }
        }
        return all.acknowledged;
    }

    /** A record as bytes. */
    public static final class Prepared {
        private final ProducerRecord<byte[], byte[]> written;

        private Prepared(ProducerRecord<byte[], byte[]> written) {
            this.written = written;
        }
    }

    /** Completes a stage when all records of a call have been answered. */
    private final class Acknowledgements {
        private final CompletableFuture<@Nullable Void> acknowledged = new CompletableFuture<>();
        private final AtomicInteger left;
        private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

        Acknowledgements(int records) {
            this.left = new AtomicInteger(records);
            if (records == 0) {
                acknowledged.complete(null);
            }
        }

        boolean hasFailed() {
            return failed.get() != null;
        }

        void add(@Nullable Exception failure) {
            if (failure != null) {
                failed.compareAndSet(null, failure);
            }
            leaveOut(1);
        }

        void leaveOut(int records) {
            if (left.addAndGet(-records) == 0) {
                complete(acknowledged, failed.get());
            }
        }
    }

    /** Sends what is under way, for up to 5 s. */
    @Override
    public synchronized void close() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(CLOSE_PATIENCE);
        }
        completions.shutdown();
    }

    private <V> ProducerRecord<byte[], byte[]> write(Topic<V> topic, String key, @Nullable V value, String eventId) {
        byte[] bytes = value == null ? null : topic.serde().serializer().serialize(topic.name(), value);
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(settings.nameOf(topic), key.getBytes(StandardCharsets.UTF_8), bytes);
        if (value != null) {
            CloudEvents.addTo(written.headers(), topic, eventId, source, key, Instant.now());
        }
        return written;
    }

    private void complete(CompletableFuture<@Nullable Void> stage, @Nullable Exception failure) {
        completions.execute(() -> {
            if (failure == null) {
                stage.complete(null);
            } else {
                stage.completeExceptionally(failure);
            }
        });
    }

    /** Made at the first record: a broker whose name does not resolve yet must not stop a service's start. */
    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        return open == null ? open() : open;
    }

    private synchronized Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            return open;
        }
        if (completions.isShutdown()) {
            throw new IllegalStateException("the publisher of " + source + " is closed");
        }
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, Long.toString(linger.toMillis()));
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        Producer<byte[], byte[]> made = producers.apply(properties);
        producer = made;
        return made;
    }
}
