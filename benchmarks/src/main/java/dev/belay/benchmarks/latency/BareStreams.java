// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.belay.benchmarks.process.Parent;
import dev.belay.kafka.KafkaSettings;
import dev.belay.watcher.topology.StreamsSettings;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The bare shape of the watcher, as a process: two exactly-once halves with a repartition between them, and nothing in either.
 *
 * <pre>
 * in, keyed by flag|unit -> key by flag -> repartition -> those that are marked -> out
 * </pre>
 */
@Command(name = BareStreams.NAME, hidden = true)
public final class BareStreams implements Callable<Integer> {
    public static final String NAME = "bare-streams";

    /** First byte of a value that goes all the way. */
    static final byte MARK = '!';

    /** Between flag and unit in a key. */
    static final char OF = '|';

    @Option(names = "--servers", required = true)
    String servers = "";

    @Option(names = "--prefix", required = true)
    String prefix = "";

    @Option(names = "--state", required = true)
    @Nullable
    Path state;

    @Option(names = "--threads", required = true)
    int threads;

    @Option(names = "--partitions", required = true)
    int partitions;

    @Override
    public Integer call() {
        Path folder = state == null ? Path.of("state") : state;
        Parent.follow();
        KafkaStreams streams = new KafkaStreams(
                topology(prefix, partitions),
                StreamsSettings.of(new KafkaSettings(servers, prefix), prefix + NAME, folder, threads, 0));
        streams.start();
        Parent.await();
        return 0;
    }

    static Topology topology(String prefix, int partitions) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        prefix + BareTopics.EVENTS,
                        Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("events"))
                .selectKey((key, value) -> key.substring(0, key.indexOf(OF)), Named.as("by-flag"))
                .repartition(Repartitioned.with(Serdes.String(), Serdes.ByteArray())
                        .withName("flags")
                        .withNumberOfPartitions(partitions))
                .filter((flag, value) -> value.length > 0 && value[0] == MARK, Named.as("marked"))
                .to(
                        prefix + BareTopics.FOUND,
                        Produced.with(Serdes.String(), Serdes.ByteArray()).withName("found"));
        return builder.build();
    }
}
