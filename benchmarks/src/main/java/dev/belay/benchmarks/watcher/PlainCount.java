// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.util.function.Function;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.kafka.KafkaSettings;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The baseline: how many units saw each flag and did each thing, as one would write it with the library alone.
 *
 * <pre>
 * exposures, outcomes -> key by (flag or event, unit) -> repartition -> count per key (RocksDB) -> keys counted the first time
 * </pre>
 */
final class PlainCount {
    /** Name of the topic between the halves, without the application's id. */
    static final String REPARTITIONED = "by-subject";

    /** Where each key goes that was not counted before. */
    static final String DISTINCT = "benchmark.distinct";

    private PlainCount() {}

    static Topology build(KafkaSettings settings, int partitions) {
        StreamsBuilder builder = new StreamsBuilder();
        keyed(builder, settings, Topics.EXPOSURES, each -> each.flag() + "|" + each.recordKey())
                .merge(
                        keyed(builder, settings, Topics.OUTCOMES, each -> each.event() + "|" + each.recordKey()),
                        Named.as("events"))
                .repartition(Repartitioned.with(Serdes.String(), Serdes.ByteArray())
                        .withName(REPARTITIONED)
                        .withNumberOfPartitions(partitions))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.ByteArray()))
                .count(
                        Named.as("count"),
                        Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long())
                                .withCachingDisabled())
                .toStream(Named.as("counted"))
                .filter((key, count) -> count == 1, Named.as("first"))
                .to(
                        settings.topicPrefix() + DISTINCT,
                        Produced.with(Serdes.String(), Serdes.Long()).withName("distinct"));
        return builder.build();
    }

    private static <V> KStream<String, byte[]> keyed(
            StreamsBuilder builder, KafkaSettings settings, Topic<V> topic, Function<V, String> subject) {
        return builder.stream(
                        settings.nameOf(topic),
                        Consumed.with(Serdes.String(), topic.serde()).withName(topic.name()))
                .selectKey((key, value) -> subject.apply(value), Named.as(topic.name() + "-subject"))
                .mapValues(value -> new byte[0], Named.as(topic.name() + "-nothing"));
    }
}
