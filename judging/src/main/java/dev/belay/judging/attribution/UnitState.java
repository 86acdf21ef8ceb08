// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What one unit saw and did. It grows with the strata it was seen in and the times it did something, not with repeats.
 *
 * @param rollouts what it saw, one entry per flag
 * @param outcomes when it did what, sorted microseconds per event
 * @param values of what it did with a value, the values by their times
 * @param touchedAt milliseconds since 1970 of the last event that changed it
 */
public record UnitState(
        List<SeenRollout> rollouts,
        Map<String, long[]> outcomes,
        Map<String, SortedMap<Long, Double>> values,
        long touchedAt) {
    /** Most outcomes of one name that a unit counts with. */
    public static final int MOST_OUTCOMES = 2 * OutcomeTimes.KEPT;

    public static final UnitState EMPTY = new UnitState(List.of(), Map.of(), Map.of(), 0);

    private static final long[] NO_TIMES = {};

    /**
     * The strata of one rollout that the unit was seen in.
     *
     * @param flagKey {@code project/environment/flag}
     * @param epoch epoch of the rollout
     * @param visits one per stratum
     * @param counted what of the unit is in the tally; kept, because a delta is what changes against exactly that
     * @param isBehind whether something happened that is not counted, because the plan was not known at that moment
     */
    record SeenRollout(String flagKey, int epoch, List<Visit> visits, Contribution counted, boolean isBehind) {
        static SeenRollout start(String flagKey, int epoch) {
            return new SeenRollout(flagKey, epoch, List.of(), Contribution.NONE, true);
        }

        /** The unit saw the flag, and the rollout had no say. */
        static SeenRollout notAdmitted(String flagKey, int epoch) {
            return new SeenRollout(flagKey, epoch, List.of(), Contribution.NONE, false);
        }

        SeenRollout with(Visit visit) {
            List<Visit> all = new ArrayList<>(visits.size() + 1);
            boolean joined = false;
            for (Visit each : visits) {
                boolean same = each.isSameStratum(visit);
                all.add(same ? each.join(visit) : each);
                joined |= same;
            }
            if (!joined) {
                all.add(visit);
            }
            return new SeenRollout(flagKey, epoch, List.copyOf(all), counted, isBehind);
        }

        SeenRollout counting(Contribution contribution) {
            return new SeenRollout(flagKey, epoch, visits, contribution, false);
        }

        SeenRollout behind() {
            return new SeenRollout(flagKey, epoch, visits, counted, true);
        }

        /** Microseconds since 1970 of its first exposure. */
        long firstAt() {
            return visits.stream().mapToLong(Visit::firstAt).min().orElse(Long.MAX_VALUE);
        }

        /** Microseconds since 1970 of its first exposure in the stratum it entered last. */
        long lastAt() {
            return visits.stream().mapToLong(Visit::firstAt).max().orElse(Long.MIN_VALUE);
        }
    }

    /**
     * A rollout that a unit saw.
     *
     * @param flagKey {@code project/environment/flag}
     * @param epoch epoch of the rollout
     */
    public record Seen(String flagKey, int epoch) {}

    /** Returns the rollouts that the unit saw, admitted or not. */
    public List<Seen> seen() {
        return rollouts.stream()
                .map(each -> new Seen(each.flagKey(), each.epoch()))
                .toList();
    }

    /** Returns whether the unit waits for a plan that is not known yet. */
    public boolean isWaiting() {
        return rollouts.stream().anyMatch(SeenRollout::isBehind);
    }

    /** Returns whether the unit saw the flag during that rollout, admitted or not. */
    public boolean saw(String flagKey, int epoch) {
        return rollouts.stream()
                .anyMatch(seen -> seen.epoch() == epoch && seen.flagKey().equals(flagKey));
    }

    /** Returns how many outcomes of that name are kept. */
    public int outcomes(String event) {
        return times(event).length;
    }

    long[] times(String event) {
        return outcomes.getOrDefault(event, NO_TIMES);
    }

    SortedMap<Long, Double> values(String event, @Nullable String property) {
        return values.getOrDefault(OutcomeValues.key(event, property), Collections.emptySortedMap());
    }

    UnitState withOutcome(String event, long[] times, Map<String, SortedMap<Long, Double>> valuesAfter, long now) {
        Map<String, long[]> all = new TreeMap<>(outcomes);
        all.put(event, times);
        return new UnitState(rollouts, all, valuesAfter, now);
    }

    /** Replaces the rollout of that flag; an older one is forgotten. */
    UnitState with(SeenRollout changed, long now) {
        List<SeenRollout> all = new ArrayList<>(rollouts.size() + 1);
        boolean replaced = false;
        for (SeenRollout each : rollouts) {
            boolean same = each.flagKey().equals(changed.flagKey());
            all.add(same ? changed : each);
            replaced |= same;
        }
        if (!replaced) {
            all.add(changed);
        }
        return new UnitState(List.copyOf(all), outcomes, values, now);
    }

    UnitState with(SeenRollout changed) {
        return with(changed, touchedAt);
    }

    UnitState without(SeenRollout gone) {
        return new UnitState(
                rollouts.stream().filter(each -> !each.equals(gone)).toList(), outcomes, values, touchedAt);
    }

    /** Returns the unit with less of both; the same when it is not less. */
    UnitState forgetting(List<SeenRollout> rolloutsLeft, Map<String, long[]> outcomesLeft) {
        boolean isSame = rolloutsLeft.size() == rollouts.size() && countTimes(outcomesLeft) == countTimes(outcomes);
        if (isSame) {
            return this;
        }
        Map<String, SortedMap<Long, Double>> valuesLeft = new TreeMap<>();
        values.forEach((key, all) -> {
            long[] times = outcomesLeft.getOrDefault(OutcomeValues.event(key), NO_TIMES);
            if (times.length > 0) {
                SortedMap<Long, Double> left = new TreeMap<>(all.tailMap(times[0]));
                if (!left.isEmpty()) {
                    valuesLeft.put(key, left);
                }
            }
        });
        return new UnitState(List.copyOf(rolloutsLeft), outcomesLeft, valuesLeft, touchedAt);
    }

    private static int countTimes(Map<String, long[]> outcomes) {
        return outcomes.values().stream().mapToInt(times -> times.length).sum();
    }
}
