// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps what each unit saw and did, and says how that changes the rollouts. */
final class AttributeProcessor implements Processor<String, UnitInput, String, Attributed> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final int AT_ONCE = 1000;
    private static final byte[] MARK = {1};

    private final WatcherTopology.Setup setup;
    private @Nullable ProcessorContext<String, Attributed> context;
    private @Nullable KeyValueStore<String, byte[]> units;
    private @Nullable KeyValueStore<String, byte[]> waiting;

    AttributeProcessor(WatcherTopology.Setup setup) {
        this.setup = setup;
    }

    @Override
    public void init(ProcessorContext<String, Attributed> context) {
        this.context = context;
        units = context.getStateStore(WatcherTopology.UNITS);
        waiting = context.getStateStore(WatcherTopology.WAITING);
        context.schedule(LOOK_AGAIN, PunctuationType.WALL_CLOCK_TIME, this::lookAgain);
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    @Override
    public void process(Record<String, UnitInput> record) {
        byte[] value = record.value().value();
        try {
            if (value == null) {
                throw new IllegalArgumentException("the record has no value");
            }
            String text = new String(value, StandardCharsets.UTF_8);
            if (record.value().topic().equals(Topics.EXPOSURES)) {
                Exposure exposure = Json.read(text, Exposure.class);
                if (isHere(record, exposure.recordKey(), value)) {
                    exposed(exposure, record.timestamp());
                }
            } else {
                Outcome outcome = Json.read(text, Outcome.class);
                if (isHere(record, outcome.recordKey(), value) && outcome.unit() != null) {
                    happened(outcome, record.timestamp());
                }
            }
        } catch (IllegalArgumentException e) {
            setup.unreadable().add(record.value().topic(), record.key(), value, String.valueOf(e.getMessage()));
        }
    }

    private void exposed(Exposure exposure, long timestamp) {
        String key = exposure.recordKey();
        UnitState unit = unit(key);
        keep(key, Attribution.onExposure(unit, exposure, setup.plans(), now()), timestamp);
    }

    private void happened(Outcome outcome, long timestamp) {
        String key = outcome.recordKey();
        UnitState unit = unit(key);
        keep(key, Attribution.onOutcome(unit, outcome, setup.plans(), now()), timestamp);
    }

    private void keep(String key, Attribution attribution, long timestamp) {
        UnitState after = attribution.unit();
        if (attribution.isChanged()) {
            store(units).put(key, UnitStateCodec.write(after));
        }
        if (after.isWaiting()) {
            store(waiting).put(key, MARK);
        }
        for (Delta delta : attribution.deltas()) {
            context().forward(new Record<>(delta.flagKey(), new Attributed.Change(delta), timestamp));
        }
    }

    /** A foreign producer may use another key or partitioner; then the record starts again where its unit is. */
    private boolean isHere(Record<String, UnitInput> record, String key, byte[] value) {
        int partition =
                context().recordMetadata().map(metadata -> metadata.partition()).orElse(0);
        int right = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % setup.unitPartitions();
        if (partition == right && key.equals(record.key())) {
            return true;
        }
        Out again = new Out(setup.nameOf(record.value().topic()), value);
        context().forward(new Record<>(key, new Attributed.Elsewhere(again), record.timestamp()));
        return false;
    }

    private void lookAgain(long now) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store(waiting).all()) {
            while (all.hasNext() && keys.size() < AT_ONCE) {
                keys.add(all.next().key);
            }
        }
        for (String key : keys) {
            UnitState unit = unit(key);
            Attribution attribution = Attribution.onPlans(unit, setup.plans(), now);
            keep(key, attribution, now);
            if (!attribution.unit().isWaiting()) {
                store(waiting).delete(key);
            }
        }
    }

    private void sweep(long now) {
        List<String> gone = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store(units).all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> each = all.next();
                if (Attribution.swept(UnitStateCodec.read(each.value), now) == null) {
                    gone.add(each.key);
                }
            }
        }
        for (String key : gone) {
            store(units).delete(key);
            store(waiting).delete(key);
        }
    }

    private UnitState unit(String key) {
        return UnitStateCodec.read(store(units).get(key));
    }

    private long now() {
        return context().currentSystemTimeMs();
    }

    private ProcessorContext<String, Attributed> context() {
        return initialised(context);
    }

    private static KeyValueStore<String, byte[]> store(@Nullable KeyValueStore<String, byte[]> store) {
        return initialised(store);
    }

    private static <T> T initialised(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("init must come first");
        }
        return part;
    }
}
