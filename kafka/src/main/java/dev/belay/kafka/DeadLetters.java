// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.Topic;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts away what a consumer could not read: topic {@code <topic>.dead.<consumer>}, one partition, 30 days, created when
 * first needed.
 *
 * <p>The same key and value are put away once, also across restarts: a view reads its topic again at every start. Thread-safe.
 */
public final class DeadLetters {
    /** Header with the reason. */
    public static final String REASON = "belay-reason";

    /** Header with the name of the source topic. */
    public static final String SOURCE = "belay-source";

    /** Header that identifies a record by its content. */
    public static final String CONTENT = "belay-content";

    private static final int LONGEST_REASON = 1_000;
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(DeadLetters.class.getName());

    private static final Map<List<String>, DeadLetters> SHARED = new ConcurrentHashMap<>();

    private final KafkaSettings settings;
    private final String consumer;
    private final Map<String, Set<String>> known = new HashMap<>();

    /** @param consumer who could not read, for instance the module's name */
    public DeadLetters(KafkaSettings settings, String consumer) {
        this.settings = settings;
        this.consumer = consumer;
    }

    /** Returns the one of this process: a service that reads a topic twice, as a view and as a queue, puts away once. */
    public static DeadLetters shared(KafkaSettings settings, String consumer) {
        return SHARED.computeIfAbsent(
                List.of(settings.bootstrapServers(), settings.topicPrefix(), consumer),
                any -> new DeadLetters(settings, consumer));
    }

    /**
     * Puts a record away and returns when the broker has it. Of one that is too large with its headers only the key and the
     * reason are kept.
     *
     * @param source topic it comes from
     * @param key key as read
     * @param value value as read
     * @param reason why it could not be read
     * @throws org.apache.kafka.common.KafkaException if the broker does not take it; nothing was put away then
     */
    public synchronized void add(Topic<?> source, byte @Nullable [] key, byte @Nullable [] value, String reason) {
        String name = source.deadLetters(settings.topicPrefix(), consumer);
        Set<String> contents = known.computeIfAbsent(name, this::prepare);
        String content = digest(key, value);
        if (contents.contains(content)) {
            return;
        }
        String shortened = shortened(reason);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(name, key, value);
        addHeader(letter, REASON, shortened);
        addHeader(letter, SOURCE, settings.nameOf(source));
        addHeader(letter, CONTENT, content);
        try {
            send(letter);
        } catch (RecordTooLargeException e) {
            send(new ProducerRecord<>(name, null, key, null, letter.headers()));
        }
        contents.add(content);
        LOG.log(System.Logger.Level.WARNING, "put away in {0}: {1}", name, shortened);
    }

    /** A reason may repeat what it is about. */
    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    private Set<String> prepare(String name) {
        try (Admin admin = TopicAdmin.open(settings)) {
            if (TopicAdmin.exists(admin, name)) {
                return contents(name);
            }
            Map<String, String> configs = Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(RETENTION.toMillis()));
            TopicAdmin.create(admin, new NewTopic(name, 1, TopicAdmin.replicas(admin)).configs(configs));
            return new HashSet<>();
        }
    }

    private Set<String> contents(String name) {
        Set<String> contents = new HashSet<>();
        TopicPartition partition = new TopicPartition(name, 0);
        try (Consumer<byte[], byte[]> reader = Consumers.open(settings)) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
            while (reader.position(partition, PATIENCE) < end) {
                reader.poll(PATIENCE).forEach(letter -> contentOf(letter, contents));
            }
        }
        return contents;
    }

    private static void contentOf(ConsumerRecord<byte[], byte[]> letter, Set<String> contents) {
        Header header = letter.headers().lastHeader(CONTENT);
        if (header != null) {
            contents.add(new String(header.value(), StandardCharsets.UTF_8));
        }
    }

    private void send(ProducerRecord<byte[], byte[]> letter) {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
            Futures.join(producer.send(letter));
        }
    }

    private static void addHeader(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte @Nullable [] key, byte @Nullable [] value) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(key == null ? new byte[0] : sha.digest(key));
            return HexFormat.of().formatHex(sha.digest(value == null ? new byte[0] : value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
