// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.CloudEvents;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.tally.CellBook;
import dev.belay.judging.tally.RolloutTally;
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
     */
    private static final String MODULE = "metrics-watcher";
    private static final Duration TICK = Duration.ofMillis(200);
    private static final long CHARTED_MILLIS = 10_000;
    private static final String OF = "!";

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
        drained = setup.drains().asked();
        setup.drains().enter(context.taskId().toString());
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
            case DELTA -> counted(DeltaCodec.read(value), record.timestamp());
            case ROLLOUT -> changed(record.key(), value);
        }
    }

    private void counted(Delta delta, long appendedMillis) {
        Said said = flags.get(delta.flagKey());
        int epoch = said == null ? 0 : said.tally().rollout().epoch();
        if (said != null && delta.epoch() == epoch) {
            List<Block> blocks = said.tally().onDelta(delta, appendedMillis, now());
            said.markDirty();
            keep(said.tally(), blocks);
        } else if (delta.epoch() > epoch) {
            String id = delta.flagKey() + "#" + delta.epoch();
            CellBook book = early.computeIfAbsent(id, any -> new CellBook());
            book.add(delta);
            keep(id, book);
        }
    }

    private void changed(String key, byte[] value) {
        RolloutState next;
        try {
            next = Json.read(new String(value, StandardCharsets.UTF_8), RolloutState.class);
        } catch (IllegalArgumentException e) {
            setup.unreadable().add(Topics.ROLLOUTS, key, value, String.valueOf(e.getMessage()));
            return;
        }
        String flagKey = next.ref().key();
        Said said = flags.get(flagKey);
        RolloutState present = said == null ? null : said.tally().rollout();
        if (present != null && present.epoch() == next.epoch() && said != null) {
            if (next.version() > present.version()) {
                store(rollouts).put(flagKey, value);
                List<Block> blocks = said.tally().onRollout(next, now());
                said.markDirty();
                keep(said.tally(), blocks);
                saveHead(said.tally());
            }
        } else if (present == null || next.epoch() > present.epoch()) {
            store(rollouts).put(flagKey, value);
            forget(present);
            begin(next);
        }
    }

    private void begin(RolloutState rollout) {
        CellBook found = early.remove(rollout.id());
        RolloutTally tally = RolloutTally.start(rollout, found == null ? new CellBook() : found, setup.pace());
        if (tally == null) {
            flags.remove(rollout.ref().key());
        } else {
            flags.put(rollout.ref().key(), new Said(tally));
            saveHead(tally);
        }
    }

    private void forget(@Nullable RolloutState past) {
        if (past == null) {
            return;
        }
        String prefix = past.id() + OF;
        Set<String> keys = new HashSet<>();
        try (KeyValueIterator<String, byte[]> all = store(cells).prefixScan(prefix, new StringSerializer())) {
            all.forEachRemaining(each -> keys.add(each.key));
        }
        keys.forEach(store(cells)::delete);
        store(heads).delete(past.id());
    }

    private void tick(long now) {
        long asked = setup.drains().asked();
        boolean drain = asked > drained;
        Set<String> evidence = new HashSet<>();
        for (Said said : flags.values()) {
            List<Block> blocks = said.tally().onTime(now, drain);
            if (!blocks.isEmpty()) {
                said.markDirty();
                keep(said.tally(), blocks);
            }
            say(said, now, drain, evidence);
        }
        if (drain) {
            drained = asked;
            setup.drains().answer(context().taskId().toString(), asked, evidence);
        }
    }

    private void say(Said said, long now, boolean drain, Set<String> evidence) {
        boolean beat = said.isHeartbeatDue(now, setup.heartbeat());
        Instant at = Instant.ofEpochMilli(now);
        if (beat || said.isVerdictDue() || drain) {
            sayVerdicts(said, at, beat || drain);
        }
        if (beat || drain || said.isEvidenceDue(now)) {
            boolean charted = said.isChartDue(now, CHARTED_MILLIS);
            for (Evidence each : said.tally().evidence(at)) {
                say(Topics.EVIDENCE, each.recordKey(), each, each.recordKey() + "@" + now, at);
                if (charted) {
                    say(Topics.EVIDENCE_HISTORY, each.recordKey(), each, each.recordKey() + "@" + now, at);
                }
                evidence.add(each.recordKey());
            }
            said.evidenceSaid(now);
        }
        if (beat) {
            said.beat(now);
        }
    }

    private void sayVerdicts(Said said, Instant at, boolean all) {
        boolean owed = false;
        List<Verdict> verdicts =
                said.tally().rollout().status().isLive() ? said.tally().verdicts(at) : List.of();
        for (Verdict verdict : verdicts) {
            owed |= said.isOwed(verdict);
            if (all || said.isNews(verdict)) {
                say(Topics.VERDICTS, verdict.ref().key(), verdict, verdict.subject() + "@" + at.toEpochMilli(), at);
                said.said(verdict);
            }
        }
        said.verdictsSaid(owed);
    }

    /** A breach is said at once; everything else at the next tick. */
    private void keep(RolloutTally tally, List<Block> blocks) {
        String id = tally.rollout().id();
        keep(id, tally.book());
        if (blocks.isEmpty()) {
            return;
        }
        saveHead(tally);
        for (Block block : blocks) {
            say(Topics.BLOCKS, block.ref().key(), block, id + "#" + block.seq(), block.closedAt());
        }
        Said said = flags.get(tally.rollout().ref().key());
        if (said != null && tally.isBreached() && said.isFirstBreach()) {
            sayVerdicts(said, Instant.ofEpochMilli(now()), false);
        }
    }

    private void keep(String id, CellBook book) {
        for (String key : book.takeChanges()) {
            store(cells).put(id + OF + key, book.value(key));
        }
    }

    private void saveHead(RolloutTally tally) {
        store(heads).put(tally.rollout().id(), Json.write(tally.head()).getBytes(StandardCharsets.UTF_8));
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
                reload(Json.read(new String(all.next().value, StandardCharsets.UTF_8), RolloutState.class), books);
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
                        rollout,
                        book,
                        Json.read(new String(head, StandardCharsets.UTF_8), RolloutTally.Head.class),
                        setup.pace());
        if (tally != null) {
            flags.put(rollout.ref().key(), new Said(tally));
        }
    }

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
