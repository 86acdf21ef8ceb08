// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.verdicts.Block;
import dev.belay.kafka.KafkaSettings;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/** Reads the blocks of a rollout from their topic, from its beginning: for people who check a decision, so seldom. */
final class BlockLog {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings kafka;

    BlockLog(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Returns the blocks of a rollout in the order of their numbers, each once.
     *
     * @throws IllegalStateException if there are still more at the deadline
     */
    List<Block> of(FlagRef flag, int epoch, Instant deadline) {
        byte[] key = flag.key().getBytes(StandardCharsets.UTF_8);
        SortedMap<Long, Block> found = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            String topic = kafka.nameOf(Topics.BLOCKS);
            int partitions = reader.partitionsFor(topic).size();
            TopicPartition place = new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
            reader.assign(Set.of(place));
            reader.seekToBeginning(Set.of(place));
            Map<TopicPartition, Long> ends = reader.endOffsets(Set.of(place));
            while (reader.position(place) < ends.getOrDefault(place, 0L)) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("the log of blocks is longer than can be read in time");
                }
                reader.poll(POLL).forEach(each -> add(each, key, epoch, found));
            }
        }
        return new ArrayList<>(found.values());
    }

    private static void add(ConsumerRecord<byte[], byte[]> read, byte[] key, int epoch, SortedMap<Long, Block> found) {
        byte[] value = read.value();
        if (value == null || !Arrays.equals(key, read.key())) {
            return;
        }
        try {
            Block block = Json.read(value, Block.class);
            if (block.epoch() == epoch) {
                found.putIfAbsent(block.seq(), block);
            }
        } catch (IllegalArgumentException e) {
            // A foreign record is no block of this rollout; its number would be missing.
            return;
        }
    }

    private KafkaConsumer<byte[], byte[]> reader() {
        Properties properties = new Properties();
        properties.putAll(kafka.clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
