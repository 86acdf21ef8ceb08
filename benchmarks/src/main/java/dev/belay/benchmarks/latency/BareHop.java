// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.belay.benchmarks.process.Parent;
import dev.belay.kafka.KafkaSettings;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The bare shape of the controller, as a process: reads committed records of one topic and writes them to another. */
@Command(name = BareHop.NAME, hidden = true)
public final class BareHop implements Callable<Integer> {
    public static final String NAME = "bare-hop";

    private static final Duration POLL = Duration.ofMillis(100);

    @Option(names = "--servers", required = true)
    String servers = "";

    @Option(names = "--prefix", required = true)
    String prefix = "";

    @Override
    public Integer call() {
        Parent.follow();
        KafkaSettings settings = new KafkaSettings(servers, prefix);
        Map<String, Object> reading = settings.clientProperties();
        reading.put(ConsumerConfig.GROUP_ID_CONFIG, prefix + NAME);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        Map<String, Object> writing = settings.clientProperties();
        writing.put(ProducerConfig.ACKS_CONFIG, "all");
        writing.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        ByteArrayDeserializer in = new ByteArrayDeserializer();
        ByteArraySerializer out = new ByteArraySerializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(reading, in, in);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(writing, out, out)) {
            consumer.subscribe(List.of(prefix + BareTopics.FOUND));
            while (!Thread.currentThread().isInterrupted()) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    var ignored =
                            producer.send(new ProducerRecord<>(prefix + BareTopics.TOLD, each.key(), each.value()));
                }
            }
        }
        return 0;
    }
}
