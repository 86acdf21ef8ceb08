// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitStateCodec;
import dev.belay.kafka.Failpoint;
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
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration HAND_ON = Duration.ofSeconds(1);
    private static final int AT_ONCE = 1000;
    private static final byte[] MARK = {1};

    private final WatcherTopology.Setup setup;
    private final Joins joins;
    private @Nullable ProcessorContext<String, Attributed> context;
    private @Nullable KeyValueStore<String, byte[]> units;
    private @Nullable KeyValueStore<String, byte[]> waiting;
    private String lookedAt = "";
    private String sweptTo = "";
    private long looked;

    AttributeProcessor(WatcherTopology.Setup setup) {
        this.setup = setup;
        this.joins = new Joins(setup.plans());
    }

    @Override
    public void init(ProcessorContext<String, Attributed> context) {
        this.context = context;
        units = context.getStateStore(WatcherTopology.UNITS);
        waiting = context.getStateStore(WatcherTopology.WAITING);
        looked = 0;
        joins.clear();
        setup.looks().enter(context.taskId().toString());
        context.schedule(LOOK_AGAIN, PunctuationType.WALL_CLOCK_TIME, this::lookAgain);
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
        context.schedule(HAND_ON, PunctuationType.WALL_CLOCK_TIME, this::handOn);
    }

    @Override
    public void close() {
        if (context != null) {
            setup.looks().leave(context.taskId().toString());
        }
    }

    @Override
    public void process(Record<String, UnitInput> record) {
        byte[] value = record.value().value();
        try {
            if (value == null) {
                throw new IllegalArgumentException("the record has no value");
            }
            if (record.value().topic().equals(Topics.EXPOSURES)) {
                Exposure exposure = Json.read(value, Exposure.class);
                if (isHere(record, exposure.recordKey(), value)) {
                    exposed(exposure, record.timestamp());
                }
            } else {
                Outcome outcome = Json.read(value, Outcome.class);
                if (isHere(record, outcome.recordKey(), value)) {
                    happened(outcome, record.timestamp());
                }
            }
        } catch (IllegalArgumentException e) {
            setup.unreadable().add(record.value().topic(), record.key(), value, String.valueOf(e.getMessage()));
        }
        Failpoint.reach(Failpoint.WATCHER_BEFORE_COMMIT);
    }

    private void exposed(Exposure exposure, long timestamp) {
        String key = exposure.recordKey();
        Exposure clamped = Clamped.notAfter(exposure, Instant.ofEpochMilli(timestamp));
        UnitState before = unit(key);
        Attribution attribution = Attribution.onExposure(before, clamped, setup.plans(), now());
        keep(key, attribution, timestamp, Attribution.isLate(clamped.at(), timestamp));
        String flagKey = exposure.ref().key();
        if (!before.saw(flagKey, exposure.epoch()) && attribution.unit().saw(flagKey, exposure.epoch())) {
            joins.saw(flagKey, attribution.unit());
        }
    }

    private void happened(Outcome outcome, long timestamp) {
        String key = outcome.recordKey();
        Outcome clamped = Clamped.notAfter(outcome, Instant.ofEpochMilli(timestamp));
        List<Delta> counted = Attribution.onCounters(clamped, setup.plans());
        if (outcome.unit() == null && counted.isEmpty()) {
            joins.happened(outcome, UnitState.EMPTY);
            return;
        }
        Attribution attribution = Attribution.onOutcome(unit(key), clamped, setup.plans(), now());
        keep(key, attribution, timestamp, Attribution.isLate(clamped.at(), timestamp));
        if (attribution.isChanged()) {
            joins.happened(outcome, outcome.unit() == null ? UnitState.EMPTY : attribution.unit());
            counted.forEach(
                    delta -> context().forward(new Record<>(delta.flagKey(), new Attributed.Change(delta), timestamp)));
        }
    }

    private void handOn(long now) {
        handOn(joins.takeDue(), now);
    }

    private void handOn(List<Delta> deltas, long now) {
        for (Delta delta : deltas) {
            context().forward(new Record<>(delta.flagKey(), new Attributed.Change(delta), now));
        }
    }

    private void keep(String key, Attribution attribution, long timestamp, boolean isLate) {
        if (!attribution.isChanged()) {
            return;
        }
        UnitState after = attribution.unit();
        store(units).put(key, UnitStateCodec.write(after));
        if (after.isWaiting()) {
            store(waiting).put(key, MARK);
        }
        for (Delta delta : attribution.deltas()) {
            context().forward(new Record<>(delta.flagKey(), new Attributed.Change(delta.late(isLate)), timestamp));
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

    /** Goes on where it stopped the last time, so that units whose plan never comes do not stand before others. */
    private void lookAgain(long now) {
        long asked = setup.looks().asked();
        boolean all = asked > looked;
        List<String> keys = new ArrayList<>();
        String last = next(
                store(waiting), all ? "" : lookedAt, all ? Integer.MAX_VALUE : AT_ONCE, (key, mark) -> keys.add(key));
        lookedAt = all ? "" : last;
        for (String key : keys) {
            Attribution attribution = Attribution.onPlans(unit(key), setup.plans());
            keep(key, attribution, now, false);
            if (!attribution.unit().isWaiting()) {
                store(waiting).delete(key);
            }
        }
        if (all) {
            handOn(joins.takeAll(), now);
            looked = asked;
            setup.looks().answer(context().taskId().toString(), asked, Set.of());
        }
    }

    /** A part of all units each time: a pass over all of them at once would keep the judge waiting. */
    private void sweep(long now) {
        List<String> keys = new ArrayList<>();
        sweptTo = next(store(units), sweptTo, AT_ONCE, (key, value) -> {
            if (Attribution.mayForget(UnitStateCodec.touchedAt(value), now)) {
                keys.add(key);
            }
        });
        for (String key : keys) {
            UnitState unit = unit(key);
            UnitState left = Attribution.swept(unit, setup.plans(), now);
            if (left == null) {
                store(units).delete(key);
                store(waiting).delete(key);
            } else if (!left.equals(unit)) {
                store(units).put(key, UnitStateCodec.write(left));
            }
        }
    }

    /** Visits up to so many entries after a key; returns the last one's key, or nothing at the end of the store. */
    private static String next(
            KeyValueStore<String, byte[]> store, String after, int most, BiConsumer<String, byte[]> each) {
        String last = "";
        int visited = 0;
        try (KeyValueIterator<String, byte[]> all = after.isEmpty() ? store.all() : store.range(after, null)) {
            while (all.hasNext() && visited < most) {
                KeyValue<String, byte[]> entry = all.next();
                if (!entry.key.equals(after)) {
                    each.accept(entry.key, entry.value);
                    visited++;
                    last = entry.key;
                }
            }
            return all.hasNext() ? last : "";
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
