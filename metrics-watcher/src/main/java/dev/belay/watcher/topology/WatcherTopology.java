// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.judging.attribution.Attribution.Plans;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.tally.Pace;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The watcher's topology in two halves: by unit, what each unit saw and did; by flag, the sums, the blocks and the verdicts.
 */
public final class WatcherTopology {
    /*
     * Values travel as bytes and are read inside the processors, so that one that cannot be read never stops a task. The
     * plans that the first half needs come from a view outside Streams, because a global table cannot share its topic with
     * the second half's co-partitioned table, and an unreadable record would stop it. A unit exposed to a rollout that the
     * view does not know yet waits.
     */

    /** Name of the topic between the halves, without the application's id. */
    public static final String DELTAS = "deltas";

    static final String UNITS = "units";
    static final String WAITING = "waiting";
    static final String ROLLOUTS = "rollouts";
    static final String CELLS = "cells";
    static final String HEADS = "heads";
    static final List<String> STORES = List.of(UNITS, WAITING, ROLLOUTS, CELLS, HEADS);

    /** A few values that many records change between two commits: they go to the disk and the changelog once for each. */
    private static final Set<String> CHANGED_OFTEN = Set.of(CELLS, HEADS);

    private WatcherTopology() {}

    /**
     * What the topology needs from outside.
     *
     * @param topicPrefix the installation's topic prefix
     * @param plans rollouts known now
     * @param pace when blocks end
     * @param heartbeat time after which verdicts are said again
     * @param unitPartitions partitions of the topics keyed by unit
     * @param flagPartitions partitions of the topics keyed by flag
     * @param unreadable takes what cannot be read
     * @param looks asks for all units that wait for a plan to be looked at now
     * @param drains asks for everything to be judged now
     * @param timings hears how long records take
     */
    public record Setup(
            String topicPrefix,
            Plans plans,
            Pace pace,
            Duration heartbeat,
            int unitPartitions,
            int flagPartitions,
            Unreadable unreadable,
            Drains looks,
            Drains drains,
            Timings timings) {
        /** A setup whose times nobody hears. */
        public Setup(
                String topicPrefix,
                Plans plans,
                Pace pace,
                Duration heartbeat,
                int unitPartitions,
                int flagPartitions,
                Unreadable unreadable,
                Drains looks,
                Drains drains) {
            this(
                    topicPrefix,
                    plans,
                    pace,
                    heartbeat,
                    unitPartitions,
                    flagPartitions,
                    unreadable,
                    looks,
                    drains,
                    Timings.NONE);
        }

        String nameOf(Topic<?> topic) {
            return topic.on(topicPrefix);
        }
    }

    /** Takes what cannot be read. */
    @FunctionalInterface
    public interface Unreadable {
        /** Puts a record away. */
        void add(Topic<?> source, @Nullable String key, byte @Nullable [] value, String reason);
    }

    public static Topology build(Setup setup) {
        return build(setup, Stores::persistentKeyValueStore);
    }

    /** @param stores makes the store of that name */
    static Topology build(Setup setup, Function<String, KeyValueBytesStoreSupplier> stores) {
        StreamsBuilder builder = new StreamsBuilder();
        for (String name : STORES) {
            StoreBuilder<KeyValueStore<String, byte[]>> store =
                    Stores.keyValueStoreBuilder(stores.apply(name), Serdes.String(), Serdes.ByteArray());
            builder.addStateStore(CHANGED_OFTEN.contains(name) ? store.withCachingEnabled() : store);
        }
        KStream<String, Attributed> attributed = source(builder, setup, Topics.EXPOSURES)
                .merge(source(builder, setup, Topics.OUTCOMES), Named.as("unit-events"))
                .process(() -> new AttributeProcessor(setup), Named.as("attribute"), UNITS, WAITING);
        attributed
                .filter((key, value) -> value instanceof Attributed.Elsewhere, Named.as("elsewhere"))
                .mapValues(value -> ((Attributed.Elsewhere) value).out(), Named.as("rerouted"))
                .to(
                        (key, out, context) -> out.topic(),
                        Produced.with(Serdes.String(), Out.serde()).withName("reroute"));
        KStream<String, TallyInput> deltas = attributed
                .filter((key, value) -> value instanceof Attributed.Change, Named.as("changes"))
                .mapValues(WatcherTopology::delta, Named.as("delta-bytes"))
                .repartition(Repartitioned.with(Serdes.String(), Serdes.ByteArray())
                        .withName(DELTAS)
                        .withNumberOfPartitions(setup.flagPartitions()))
                .mapValues(TallyInput::delta, Named.as("delta-input"));
        source(builder, setup, Topics.ROLLOUTS)
                .mapValues(input -> TallyInput.rollout(input.value()), Named.as("rollout-input"))
                .merge(deltas, Named.as("tally-inputs"))
                .process(() -> new TallyProcessor(setup), Named.as("tally"), ROLLOUTS, CELLS, HEADS)
                .to(
                        (key, out, context) -> out.topic(),
                        Produced.with(Serdes.String(), Out.serde()).withName("said"));
        return builder.build();
    }

    private static byte[] delta(Attributed value) {
        Delta delta = ((Attributed.Change) value).delta();
        return DeltaCodec.write(delta);
    }

    private static KStream<String, UnitInput> source(StreamsBuilder builder, Setup setup, Topic<?> topic) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        return builder.stream(
                        setup.nameOf(topic),
                        Consumed.with(Serdes.String(), bytes).withName(topic.name()))
                .mapValues(value -> new UnitInput(topic, value), Named.as(topic.name() + "-input"));
    }
}
