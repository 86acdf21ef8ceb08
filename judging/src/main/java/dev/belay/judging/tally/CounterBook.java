// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.ComparedPlan.Counter;
import dev.belay.judging.attribution.Counted;
import dev.belay.statistics.CounterLimit;
import dev.belay.statistics.CounterWindow;
import org.jspecify.annotations.Nullable;

/**
 * Events that are counted against a number, by the slots of their own times. No control and no evidence: it works with
 * everybody treated. Bounded: a counter keeps two windows and the grace. Mutable.
 */
public final class CounterBook {
    /** How much later than they happened events may arrive. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final ComparedPlan compared;
    private final Instant since;
    private final Map<String, SortedMap<Long, Long>> events = new TreeMap<>();
    private final Map<String, SortedMap<Long, Long>> exposures = new TreeMap<>();
    private final Map<String, Long> lastExposed = new TreeMap<>();
    private boolean isChanged;

    /**
     * What must be stored.
     *
     * @param events number of events by counter and slot
     * @param exposures number of units that were exposed by counter and slot
     * @param lastExposed milliseconds of the last exposure by counter
     */
    public record State(
            Map<String, SortedMap<Long, Long>> events,
            Map<String, SortedMap<Long, Long>> exposures,
            Map<String, Long> lastExposed) {}

    CounterBook(RolloutState rollout, ComparedPlan compared) {
        this.compared = compared;
        this.since = rollout.allocations().stream()
                .map(Allocation::since)
                .min(Instant::compareTo)
                .orElse(rollout.createdAt());
    }

    void restore(State state) {
        state.events().forEach((key, slots) -> events.put(key, new TreeMap<>(slots)));
        state.exposures().forEach((key, slots) -> exposures.put(key, new TreeMap<>(slots)));
        lastExposed.putAll(state.lastExposed());
    }

    /** Returns what changed since the last call; null for nothing. */
    @Nullable
    State takeChanges() {
        boolean changed = isChanged;
        isChanged = false;
        return changed ? new State(events, exposures, lastExposed) : null;
    }

    /** Takes in events; what happened before the rollout is not its doing. Returns whether there were any. */
    boolean add(Map<Counted, Integer> counted) {
        counted.forEach((each, count) -> {
            Counter counter = counter(each.counter());
            Instant at = Instant.ofEpochSecond(each.second());
            if (counter != null && !at.isBefore(since)) {
                add(events, each.counter(), slot(counter, at.toEpochMilli()), count);
            }
        });
        return !counted.isEmpty();
    }

    /** Takes in units that were exposed. */
    void expose(Cell cell, CellCounts counts, long atMillis) {
        if (counts.exposed() <= 0 || cell.segment() != null) {
            return;
        }
        for (Counter counter : compared.counters()) {
            boolean isCounted = counter.of() != Guardrail.Of.TREATMENT
                    || compared.plan().treatments().contains(cell.variant());
            if (isCounted) {
                String key = counter.key(cell.variant());
                add(exposures, key, slot(counter, atMillis), counts.exposed());
                lastExposed.merge(key, atMillis, Math::max);
            }
        }
    }

    private void add(Map<String, SortedMap<Long, Long>> to, String key, long slot, long count) {
        isChanged = true;
        to.computeIfAbsent(key, any -> new TreeMap<>()).merge(slot, count, Long::sum);
    }

    /** Reads a counter, and forgets what no later reading needs. */
    CounterLimit.Reading read(Counter counter, String variant, long nowMillis) {
        CounterLimit limit = limit(counter);
        String key = counter.key(variant);
        Instant now = Instant.ofEpochMilli(nowMillis);
        CounterWindow happened = limit.prune(window(limit, events, key), now);
        CounterWindow exposed = limit.prune(window(limit, exposures, key), now);
        prune(events, key, happened);
        prune(exposures, key, exposed);
        return limit.read(happened, exposed, since, now);
    }

    /** Returns when a unit was last exposed that the counter is about; null for never. */
    @Nullable
    Long lastExposed(Counter counter, String variant) {
        return lastExposed.get(counter.key(variant));
    }

    private static void prune(Map<String, SortedMap<Long, Long>> of, String key, CounterWindow kept) {
        SortedMap<Long, Long> slots = of.get(key);
        if (slots != null && !kept.counts().isEmpty()) {
            slots.headMap(kept.counts().firstKey()).clear();
        }
    }

    private static CounterWindow window(CounterLimit limit, Map<String, SortedMap<Long, Long>> of, String key) {
        SortedMap<Long, Long> slots = new TreeMap<>();
        of.getOrDefault(key, new TreeMap<>()).forEach((slot, count) -> slots.put(slot, Math.max(0, count)));
        return new CounterWindow(limit.start().slot(), slots);
    }

    private static CounterLimit limit(Counter counter) {
        boolean isAbove = counter.guardrail().limit() == Guardrail.Limit.ABOVE;
        return new CounterLimit(
                isAbove ? CounterLimit.Side.ABOVE : CounterLimit.Side.BELOW,
                counter.guardrail().threshold(),
                counter.within(),
                GRACE);
    }

    private static long slot(Counter counter, long millis) {
        return Math.floorDiv(millis, limit(counter).start().slot().toMillis());
    }

    private @Nullable Counter counter(String key) {
        return compared.counters().stream()
                .filter(each -> key.equals(each.guardrail().name())
                        || key.startsWith(each.guardrail().name() + "/"))
                .findFirst()
                .orElse(null);
    }
}
