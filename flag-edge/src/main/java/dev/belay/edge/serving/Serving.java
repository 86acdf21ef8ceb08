// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.evaluation.KnownSegment;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * All flags and segments in memory. Until the topics have been read to their ends, what was remembered from the last run
 * is served too; after that only its rollbacks stay, because nothing that was once rolled back comes back by a restart.
 *
 * <p>Thread-safe. A listener is called on the thread that brought the record, after the change can be seen.
 */
@Singleton
public class Serving implements Snapshot {
    private final ConcurrentMap<String, ConcurrentMap<String, Known>> places = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Part> segments = new ConcurrentHashMap<>();
    private final ConcurrentMap<FlagRef, AtomicLong> treatedAt = new ConcurrentHashMap<>();
    private final List<Consumer<FlagChange>> flagListeners = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<String, String>> segmentListeners = new CopyOnWriteArrayList<>();
    private volatile boolean remembers;
    private volatile boolean settled;

    /**
     * A flag is served differently from now on.
     *
     * @param flag what is served now
     * @param takesOut whether something was rolled back or killed that was not before
     */
    public record FlagChange(ServedFlag flag, boolean takesOut) {}

    /**
     * @param told what the topics say
     * @param remembered what the last run said
     * @param served both together
     */
    private record Known(ServedFlag told, ServedFlag remembered, ServedFlag served) {
        static Known nothing(FlagRef ref) {
            ServedFlag nothing = ServedFlag.of(ref);
            return new Known(nothing, nothing, nothing);
        }

        Known tell(UnaryOperator<ServedFlag> change) {
            return of(change.apply(told), remembered);
        }

        Known settle() {
            return of(told, remembered.withoutDefinition().withoutRollout());
        }

        static Known of(ServedFlag told, ServedFlag remembered) {
            return new Known(told, remembered, told.join(remembered));
        }
    }

    /**
     * A segment.
     *
     * @param told what the topic says
     * @param known that and, until all topics are read, what the last run said
     */
    private record Part(KnownSegment told, KnownSegment known) {
        static final Part NOTHING = new Part(KnownSegment.UNKNOWN, KnownSegment.UNKNOWN);

        /** Long lists are kept once. */
        Part tell(UnaryOperator<KnownSegment> change) {
            KnownSegment next = change.apply(told);
            return new Part(next, told.equals(known) ? next : change.apply(known));
        }

        Part remember(Segment record) {
            return new Part(told, known.on(record));
        }

        Part settle() {
            return new Part(told, told);
        }
    }

    /** Calls {@code listener} with each flag that changed. */
    public void onFlagChange(Consumer<FlagChange> listener) {
        flagListeners.add(listener);
    }

    /** Calls {@code listener} with the project and name of each segment that decides differently from now on. */
    public void onSegmentChange(BiConsumer<String, String> listener) {
        segmentListeners.add(listener);
    }

    /** Returns whether there is something to answer from: the topics, or what the last run remembered. */
    public boolean isServing() {
        return settled || remembers;
    }

    /** Returns whether the topics have been read to the ends they had at the start. */
    public boolean isSettled() {
        return settled;
    }

    /** Takes over what the last run served. Called before anything is read. */
    public void remember(Collection<ServedFlag> flags, Collection<Segment> records) {
        flags.forEach(flag -> place(flag.ref()).put(flag.ref().flag(), Known.of(ServedFlag.of(flag.ref()), flag)));
        records.forEach(record -> segments.compute(
                record.project() + "/" + record.segment(),
                (key, part) -> (part == null ? Part.NOTHING : part).remember(record)));
        remembers = true;
    }

    /** Says that all topics have been read: what they do not confirm is forgotten, except rollbacks. */
    public void settle() {
        for (ConcurrentMap<String, Known> place : places.values()) {
            place.replaceAll((flag, known) -> known.settle());
        }
        Set<String> before = new TreeSet<>(segments.keySet());
        segments.replaceAll((key, part) -> part.settle());
        segments.values().removeIf(part -> part.told().isEmpty());
        before.removeAll(segments.keySet());
        settled = true;
        flags().forEach(flag -> notifyListeners(new FlagChange(flag, false)));
        before.forEach(this::notifySegmentListeners);
    }

    /** Returns whether the flag is served differently now; false for what was known. */
    public boolean on(FlagDefinition definition) {
        return change(definition.ref(), flag -> flag.onDefinition(definition));
    }

    /** Returns whether the flag is served differently now; false for what was known. */
    public boolean on(RolloutState rollout) {
        return change(rollout.ref(), flag -> flag.onRollout(rollout));
    }

    /** Returns whether that was not out before; false for what was known. */
    public boolean on(Rollback rollback) {
        return change(rollback.ref(), flag -> flag.onRollback(rollback));
    }

    public void on(Segment record) {
        change(record.project() + "/" + record.segment(), segment -> segment.on(record));
    }

    /** The flag was deleted. */
    public void onDefinitionDeleted(FlagRef ref) {
        change(ref, ServedFlag::withoutDefinition);
    }

    /** The record of the flag's rollout was deleted. */
    public void onRolloutDeleted(FlagRef ref) {
        change(ref, ServedFlag::withoutRollout);
    }

    /**
     * A record of a segment was deleted.
     *
     * @param chunk index of the chunk; null for the head, with which the segment ends
     */
    public void onSegmentDeleted(String project, String segment, @Nullable Integer chunk) {
        change(project + "/" + segment, known -> known.without(chunk));
    }

    @Override
    public @Nullable ServedFlag flag(FlagRef ref) {
        Map<String, Known> place = places.get(ref.project() + "/" + ref.environment());
        Known known = place == null ? null : place.get(ref.flag());
        return known == null ? null : known.served();
    }

    @Override
    public @Nullable KnownSegment segment(String project, String segment) {
        Part part = segments.get(project + "/" + segment);
        return part == null ? null : part.known();
    }

    /** Returns the flags of one environment that have a definition and are not archived, by key. */
    public List<ServedFlag> flags(String project, String environment) {
        Map<String, Known> place = places.get(project + "/" + environment);
        if (place == null) {
            return List.of();
        }
        List<ServedFlag> found = new ArrayList<>(place.size());
        for (Known known : place.values()) {
            FlagDefinition definition = known.served().definition();
            if (definition != null && !definition.archived()) {
                found.add(known.served());
            }
        }
        return found;
    }

    /** Returns everything known of flags. */
    public List<ServedFlag> flags() {
        return places.values().stream()
                .flatMap(place -> place.values().stream())
                .map(Known::served)
                .toList();
    }

    /** Returns the records that all segments are made of. */
    public List<Segment> segmentRecords() {
        return segments.values().stream()
                .flatMap(part -> part.known().records().stream())
                .toList();
    }

    /** Notes that a rollout's treatment was served. */
    public void treated(FlagRef ref, Instant at) {
        treatedAt.computeIfAbsent(ref, key -> new AtomicLong()).set(at.toEpochMilli());
    }

    /** Returns when a rollout's treatment of the flag was served last; null for never. */
    public @Nullable Instant lastTreatment(FlagRef ref) {
        AtomicLong at = treatedAt.get(ref);
        return at == null ? null : Instant.ofEpochMilli(at.get());
    }

    private boolean change(FlagRef ref, UnaryOperator<ServedFlag> change) {
        ServedFlag before = flag(ref);
        Known after = place(ref)
                .compute(ref.flag(), (key, known) -> (known == null ? Known.nothing(ref) : known).tell(change));
        ServedFlag served = after.served();
        if (served.equals(before)) {
            return false;
        }
        notifyListeners(new FlagChange(served, !served.out().equals(before == null ? Map.of() : before.out())));
        return true;
    }

    private void change(String segment, UnaryOperator<KnownSegment> change) {
        Part before = segments.getOrDefault(segment, Part.NOTHING);
        Part after = segments.compute(segment, (key, part) -> {
            Part next = (part == null ? Part.NOTHING : part).tell(change);
            return next.known().isEmpty() ? null : next;
        });
        if (!before.known().decidesLike((after == null ? Part.NOTHING : after).known())) {
            notifySegmentListeners(segment);
        }
    }

    private void notifySegmentListeners(String segment) {
        int slash = segment.indexOf('/');
        segmentListeners.forEach(
                listener -> listener.accept(segment.substring(0, slash), segment.substring(slash + 1)));
    }

    private void notifyListeners(FlagChange change) {
        flagListeners.forEach(listener -> listener.accept(change));
    }

    private ConcurrentMap<String, Known> place(FlagRef ref) {
        return places.computeIfAbsent(ref.project() + "/" + ref.environment(), key -> new ConcurrentSkipListMap<>());
    }
}
