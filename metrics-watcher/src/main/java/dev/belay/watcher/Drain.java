// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

import dev.belay.contracts.Topics;
import dev.belay.kafka.KafkaSettings;
import dev.belay.watcher.topology.Drains;
import dev.belay.watcher.topology.WatcherTopology;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Waits until everything that was appended so far is attributed, tallied, judged and said.
 *
 * <p>Follows the committed positions through both halves of the topology; between them, asks for the units that wait for a
 * plan to be looked at again; then asks the tallies to end their blocks, and waits until what they say has been committed
 * and read back. It speaks for the replica that is asked, and waits while that takes over tasks from others.
 */
final class Drain {
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Watcher watcher;
    private final Instant deadline;

    Drain(Watcher watcher, Instant deadline) {
        this.watcher = watcher;
        this.deadline = deadline;
    }

    /** @return whether all of it was in time */
    boolean await() throws InterruptedException, ExecutionException {
        KafkaSettings kafka = watcher.kafka();
        String deltas = watcher.applicationId() + "-" + WatcherTopology.DELTAS + "-repartition";
        return isRead(List.of(kafka.nameOf(Topics.EXPOSURES), kafka.nameOf(Topics.OUTCOMES)))
                && isLookedAt()
                && isRead(List.of(deltas))
                && isSaid();
    }

    /** Twice, because what the first look brought about is committed before the second. */
    private boolean isLookedAt() throws InterruptedException {
        for (int look = 0; look < 2; look++) {
            if (!isAnswered(watcher.looks())) {
                return false;
            }
        }
        return true;
    }

    private boolean isAnswered(Drains requests) throws InterruptedException {
        long number = requests.ask();
        return holdsInTime(() -> watcher.isSettled() && requests.isDone(number));
    }

    private boolean isSaid() throws InterruptedException {
        Instant since = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return isAnswered(watcher.drains())
                && holdsInTime(() -> watcher.shelf().hasAll(watcher.drains().evidence(), since));
    }

    private boolean holdsInTime(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (isLate()) {
                return false;
            }
            Thread.sleep(GLANCE.toMillis());
        }
        return true;
    }

    /** Whether the group has committed past every record that is there now; what is left may be transaction markers. */
    private boolean isRead(List<String> topics) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(watcher.kafka().clientProperties());
                KafkaConsumer<byte[], byte[]> reader = reader(IsolationLevel.READ_COMMITTED)) {
            Map<TopicPartition, Long> ends = ends(topics);
            while (true) {
                Map<TopicPartition, Long> left = left(committed(admin), ends);
                if (left.isEmpty() || !hasRecords(reader, left, ends)) {
                    return true;
                }
                if (isLate()) {
                    return false;
                }
                Thread.sleep(GLANCE.toMillis());
            }
        }
    }

    /** Also of what is not visible yet: a transaction's records become so a moment after its offsets are committed. */
    private Map<TopicPartition, Long> ends(List<String> topics) {
        try (KafkaConsumer<byte[], byte[]> reader = reader(IsolationLevel.READ_UNCOMMITTED)) {
            return reader.endOffsets(partitions(reader, topics));
        }
    }

    private static Map<TopicPartition, Long> left(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> left = new HashMap<>();
        ends.forEach((partition, end) -> {
            long reached = committed.getOrDefault(partition, 0L);
            if (reached < end) {
                left.put(partition, reached);
            }
        });
        return left;
    }

    private boolean hasRecords(
            KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> left, Map<TopicPartition, Long> ends) {
        reader.assign(left.keySet());
        left.forEach(reader::seek);
        Instant until = Instant.now().plus(LOOK);
        while (Instant.now().isBefore(until)) {
            if (!reader.poll(GLANCE).isEmpty()) {
                return true;
            }
            if (left.keySet().stream().allMatch(each -> reader.position(each) >= ends.getOrDefault(each, 0L))) {
                return false;
            }
        }
        return true;
    }

    private Map<TopicPartition, Long> committed(Admin admin) throws InterruptedException, ExecutionException {
        Map<TopicPartition, Long> all = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(watcher.applicationId())
                .partitionsToOffsetAndMetadata()
                .get();
        found.forEach((partition, offset) -> {
            if (offset != null) {
                all.put(partition, offset.offset());
            }
        });
        return all;
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> reader, List<String> topics) {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            for (PartitionInfo info : reader.partitionsFor(topic)) {
                all.add(new TopicPartition(topic, info.partition()));
            }
        }
        return all;
    }

    private KafkaConsumer<byte[], byte[]> reader(IsolationLevel isolation) {
        Properties properties = new Properties();
        properties.putAll(watcher.kafka().clientProperties());
        properties.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString().toLowerCase(Locale.ROOT));
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private boolean isLate() {
        return Instant.now().isAfter(deadline);
    }
}
