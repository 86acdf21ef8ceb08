// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.CloudEvents;
import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.tally.CellBook;
import dev.belay.judging.tally.CounterBook;
import dev.belay.judging.tally.RolloutTally;
import dev.belay.kafka.Failpoint;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Adds up, cuts into blocks, judges and says, per flag. */
final class TallyProcessor implements Processor<String, TallyInput, String, Out> {
    /*
     * Live tallies are kept in memory and stored piece by piece: the cells a record changed at once, the judge's state when
     * a block ended. Nothing else survives a restart, and nothing else has to: a block is cut and stored, with what it is
     * made of, in one transaction.
     *
     * Streams initialises the same processor again after a transaction was aborted: then what is in memory is ahead of the
     * stores, and everything is read from them anew.
     */
    private static final System.Logger LOG = System.getLogger(TallyProcessor.class.getName());
    private static final String MODULE = "metrics-watcher";
    private static final Duration TICK = Duration.ofMillis(200);
    private static final long CHARTED_MILLIS = 10_000;
    /** Between a rollout's id and a cell, and between a flag and an epoch; neither is part of a name. */
    private static final String OF = "!";

    private static final String EPOCH = "#";
    private static final String JOINS = "joins";
    private static final String COUNTERS = "counters";
    private static final String SEGMENT = "segment" + OF;

    private final WatcherTopology.Setup setup;
    private final Map<String, Said> flags = new HashMap<>();
    private final Map<String, CellBook> early = new HashMap<>();
    private @Nullable ProcessorContext<String, Out> context;
    private @Nullable KeyValueStore<String, byte[]> rollouts;
    private @Nullable KeyValueStore<String, byte[]> cells;
    private @Nullable KeyValueStore<String, byte[]> heads;
    private long drained;

    TallyProcessor(WatcherTopology.Setup setup) {
        this.setup = setup;
    }

    @Override
    public void init(ProcessorContext<String, Out> context) {
        this.context = context;
        rollouts = context.getStateStore(WatcherTopology.ROLLOUTS);
        cells = context.getStateStore(WatcherTopology.CELLS);
        heads = context.getStateStore(WatcherTopology.HEADS);
        drained = 0;
        setup.drains().enter(context.taskId().toString());
        flags.clear();
        early.clear();
        reload();
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void close() {
        if (context != null) {
            setup.drains().leave(context.taskId().toString());
        }
    }

    @Override
    public void process(Record<String, TallyInput> record) {
        byte[] value = record.value().value();
        if (value == null) {
            return;
        }
        switch (record.value().kind()) {
            case DELTA -> delta(value, record.timestamp());
            case ROLLOUT -> changed(record.key(), value);
        }
    }

    /** Only the first half writes deltas; one that cannot be read is a foreign record, and must stop nobody. */
    private void delta(byte[] value, long appendedMillis) {
        Delta delta;
        try {
            delta = DeltaCodec.read(value);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "a delta was left out: {0}", e.getMessage());
            return;
        }
        if (delta.isNone()) {
            joined(delta);
        } else {
            counted(delta, appendedMillis);
        }
    }

    private void joined(Delta delta) {
        Said said = flags.get(delta.flagKey());
        if (said != null && delta.epoch() == said.tally().rollout().epoch()) {
            RolloutTally tally = said.tally();
            tally.onJoins(delta.joins());
            store(heads).put(tally.rollout().id() + OF + JOINS, Json.bytes(new JoinSums(tally.joins())));
        }
    }

    private void counted(Delta delta, long appendedMillis) {
        Said said = flags.get(delta.flagKey());
        int epoch = said == null ? 0 : said.tally().rollout().epoch();
        if (said != null && delta.epoch() == epoch) {
            List<Block> blocks = said.tally().onDelta(delta, appendedMillis, now());
            said.markDirty();
            keep(said.tally(), blocks);
            setup.timings().counted(now() - appendedMillis);
        } else if (delta.epoch() > epoch) {
            String id = delta.flagKey() + EPOCH + delta.epoch();
            CellBook book = early.computeIfAbsent(id, any -> new CellBook());
            book.add(delta);
            keep(id, book);
        }
    }

    private void changed(String key, byte[] value) {
        try {
            RolloutState next = Json.read(value, RolloutState.class);
            String flagKey = next.ref().key();
            Require.that(flagKey.equals(key), "key", "must be " + flagKey, key);
            Said said = flags.get(flagKey);
            byte[] stored = store(rollouts).get(flagKey);
            RolloutState present = stored == null ? null : Json.read(stored, RolloutState.class);
            if (present == null || next.epoch() > present.epoch()) {
                begin(next);
                store(rollouts).put(flagKey, value);
            } else if (said != null && next.epoch() == present.epoch() && next.version() > present.version()) {
                List<Block> blocks = said.tally().onRollout(next, now());
                store(rollouts).put(flagKey, value);
                said.markDirty();
                keep(said.tally(), blocks);
                saveHead(said.tally());
            }
        } catch (IllegalArgumentException e) {
            setup.unreadable().add(Topics.ROLLOUTS, key, value, String.valueOf(e.getMessage()));
        }
    }

    private void begin(RolloutState rollout) {
        String flagKey = rollout.ref().key();
        CellBook found = early.get(rollout.id());
        RolloutTally tally = RolloutTally.start(rollout, found == null ? new CellBook() : found, setup.pace());
        forgetBefore(flagKey, rollout.epoch());
        early.remove(rollout.id());
        if (tally == null) {
            flags.remove(flagKey);
        } else {
            flags.put(flagKey, new Said(tally));
            saveHead(tally);
        }
    }

    /** Takes away everything of the flag's older rollouts, also of those that nobody ever heard of. */
    private void forgetBefore(String flagKey, int epoch) {
        for (KeyValueStore<String, byte[]> each : List.of(store(cells), store(heads))) {
            Set<String> past = new HashSet<>();
            try (KeyValueIterator<String, byte[]> all = each.prefixScan(flagKey + EPOCH, new StringSerializer())) {
                all.forEachRemaining(entry -> past.add(entry.key));
            }
            past.removeIf(key -> epochOf(key) >= epoch);
            past.forEach(each::delete);
        }
        early.keySet().removeIf(id -> id.startsWith(flagKey + EPOCH) && epochOf(id) < epoch);
    }

    private static int epochOf(String key) {
        int end = key.indexOf(OF);
        return Integer.parseInt(key.substring(key.indexOf(EPOCH) + 1, end < 0 ? key.length() : end));
    }

    private void tick(long now) {
        long asked = setup.drains().asked();
        boolean drain = asked > drained;
        Set<String> evidence = new HashSet<>();
        for (Said said : flags.values()) {
            List<Block> blocks = said.tally().onTime(now, drain);
            if (!blocks.isEmpty()) {
                said.markDirty();
            }
            keep(said.tally(), blocks);
            say(said, now, drain, evidence);
        }
        if (drain) {
            drained = asked;
            setup.drains().answer(context().taskId().toString(), asked, evidence);
        }
    }

    /** Of a rollout that is over, only news are said. */
    private void say(Said said, long now, boolean drain, Set<String> evidence) {
        boolean live = said.tally().rollout().status().isLive();
        boolean beat = live && said.isHeartbeatDue(now, setup.heartbeat());
        Instant at = Instant.ofEpochMilli(now);
        if (live && (beat || said.isVerdictDue() || drain)) {
            sayVerdicts(said, at, beat || drain);
        }
        if (beat || drain || said.isEvidenceDue(now)) {
            boolean charted = said.isChartDue(now, CHARTED_MILLIS);
            // Segments are many, and for people: they are said with the heartbeat, unless something is proven.
            for (Evidence each : said.tally().evidence(at, beat || drain)) {
                say(Topics.EVIDENCE, each.recordKey(), each, each.recordKey() + "@" + now, at);
                if (charted) {
                    say(Topics.EVIDENCE_HISTORY, each.recordKey(), each, each.recordKey() + "@" + now, at);
                }
                evidence.add(each.recordKey());
            }
            said.evidenceSaid(now);
        }
        if (beat) {
            said.beat(now, setup.heartbeat());
        }
    }

    private void sayVerdicts(Said said, Instant at, boolean all) {
        boolean owed = false;
        for (Verdict verdict : said.tally().verdicts(at, all)) {
            owed |= said.isOwed(verdict);
            if (all || said.isNews(verdict)) {
                say(verdict);
                said.said(verdict);
                Failpoint.reach(Failpoint.WATCHER_MID_PUBLISH);
            }
        }
        said.verdictsSaid(owed);
    }

    /** A breach is said at once, and nobody waits for the next commit to read it; everything else at the next tick. */
    private void keep(RolloutTally tally, List<Block> blocks) {
        String id = tally.rollout().id();
        keep(id, tally.book());
        CounterBook.State counters = tally.takeChangedCounters();
        if (counters != null) {
            store(heads).put(id + OF + COUNTERS, Json.bytes(counters));
        }
        List<Verdict> breaches = tally.takeNewBreaches();
        if (blocks.isEmpty() && breaches.isEmpty()) {
            return;
        }
        saveHead(tally);
        for (Block block : blocks) {
            say(Topics.BLOCKS, block.ref().key(), block, id + "#" + block.seq(), block.closedAt());
        }
        tally.takeNewChanges().forEach(this::say);
        Said said = flags.get(tally.rollout().ref().key());
        boolean live = tally.rollout().status().isLive();
        if (said != null && live && !breaches.isEmpty()) {
            sayVerdicts(said, Instant.ofEpochMilli(now()), false);
            breaches.forEach(breach -> setup.timings().breached(breach, now()));
            context().commit();
        }
    }

    private void say(Verdict verdict) {
        String event = verdict.subject() + "@" + verdict.at().toEpochMilli();
        say(Topics.VERDICTS, verdict.ref().key(), verdict, event, verdict.at());
    }

    private void keep(String id, CellBook book) {
        for (String key : book.takeChanges()) {
            store(cells).put(id + OF + key, book.value(key));
        }
    }

    private void saveHead(RolloutTally tally) {
        String id = tally.rollout().id();
        store(heads).put(id, Json.bytes(tally.head()));
        tally.takeChangedSegments()
                .forEach(each -> store(heads).put(id + OF + SEGMENT + each.segment(), Json.bytes(each)));
    }

    private List<RolloutTally.SegmentHead> segments(String id) {
        List<RolloutTally.SegmentHead> all = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> stored =
                store(heads).prefixScan(id + OF + SEGMENT, new StringSerializer())) {
            stored.forEachRemaining(each -> all.add(Json.read(each.value, RolloutTally.SegmentHead.class)));
        }
        return all;
    }

    private <V> void say(Topic<V> topic, String key, V value, String id, Instant at) {
        byte[] bytes = topic.serde().serializer().serialize(topic.name(), value);
        Headers headers = new RecordHeaders();
        CloudEvents.addTo(headers, topic, id, MODULE, key, at);
        context().forward(new Record<>(key, new Out(setup.nameOf(topic), bytes), at.toEpochMilli(), headers));
    }

    private void reload() {
        Map<String, CellBook> books = new HashMap<>();
        try (KeyValueIterator<String, byte[]> all = store(cells).all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> each = all.next();
                int end = each.key.indexOf(OF);
                books.computeIfAbsent(each.key.substring(0, end), any -> new CellBook())
                        .restore(each.key.substring(end + 1), each.value);
            }
        }
        try (KeyValueIterator<String, byte[]> all = store(rollouts).all()) {
            while (all.hasNext()) {
                reload(Json.read(all.next().value, RolloutState.class), books);
            }
        }
        early.putAll(books);
    }

    private void reload(RolloutState rollout, Map<String, CellBook> books) {
        CellBook found = books.remove(rollout.id());
        CellBook book = found == null ? new CellBook() : found;
        byte[] head = store(heads).get(rollout.id());
        RolloutTally tally = head == null
                ? RolloutTally.start(rollout, book, setup.pace())
                : RolloutTally.restore(
                        rollout, book, Json.read(head, RolloutTally.Head.class), segments(rollout.id()), setup.pace());
        if (tally != null) {
            byte[] counters = store(heads).get(rollout.id() + OF + COUNTERS);
            if (counters != null) {
                tally.restoreCounters(Json.read(counters, CounterBook.State.class));
            }
            byte[] joins = store(heads).get(rollout.id() + OF + JOINS);
            if (joins != null) {
                tally.restoreJoins(Json.read(joins, JoinSums.class).joins());
            }
            flags.put(rollout.ref().key(), new Said(tally));
        }
    }

    /** How outcomes joined so far, as it is stored: more often than the judge's state, which is large. */
    private record JoinSums(Map<String, JoinCount> joins) {}

    private long now() {
        return context().currentSystemTimeMs();
    }

    private ProcessorContext<String, Out> context() {
        if (context == null) {
            throw new IllegalStateException("init must come first");
        }
        return context;
    }

    private static KeyValueStore<String, byte[]> store(@Nullable KeyValueStore<String, byte[]> store) {
        if (store == null) {
            throw new IllegalStateException("init must come first");
        }
        return store;
    }
}
