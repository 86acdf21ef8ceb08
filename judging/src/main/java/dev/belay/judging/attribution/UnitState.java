// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one unit saw and did. It grows with the strata it was seen in and the times it did something, not with repeats.
 *
 * @param rollouts what it saw, one entry per rollout
 * @param outcomes when it did what, sorted microseconds per event
 * @param touchedAt milliseconds since 1970 of the last change
 */
public record UnitState(List<SeenRollout> rollouts, Map<String, long[]> outcomes, long touchedAt) {
    public static final UnitState EMPTY = new UnitState(List.of(), Map.of(), 0);

    private static final long[] NO_TIMES = {};

    /**
     * The strata of one rollout that the unit was seen in.
     *
     * @param flagKey {@code project/environment/flag}
     * @param epoch epoch of the rollout
     * @param counted whether the plan was known, so that the unit is in the tally
     * @param visits one per stratum
     */
    record SeenRollout(String flagKey, int epoch, boolean counted, List<Visit> visits) {
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
            return new SeenRollout(flagKey, epoch, counted, List.copyOf(all));
        }

        SeenRollout asCounted() {
            return new SeenRollout(flagKey, epoch, true, visits);
        }
    }

    /** Returns whether the unit waits for a plan that is not known yet. */
    public boolean isWaiting() {
        return rollouts.stream().anyMatch(seen -> !seen.counted());
    }

    /** Returns whether no rollout is known to it; only outcomes that may belong to an exposure still to come. */
    public boolean isUnexposed() {
        return rollouts.isEmpty();
    }

    /** Returns the flags whose rollouts it was seen in. */
    public List<String> flags() {
        return rollouts.stream().map(SeenRollout::flagKey).toList();
    }

    long[] times(String event) {
        return outcomes.getOrDefault(event, NO_TIMES);
    }

    UnitState withOutcome(String event, long[] times, long now) {
        Map<String, long[]> all = new TreeMap<>(outcomes);
        all.put(event, times);
        return new UnitState(rollouts, all, now);
    }

    /** Replaces the rollout of that flag and forgets older ones of it. */
    UnitState withRollout(SeenRollout changed, long now) {
        List<SeenRollout> all = new ArrayList<>();
        for (SeenRollout each : rollouts) {
            if (!each.flagKey().equals(changed.flagKey())) {
                all.add(each);
            }
        }
        all.add(changed);
        return new UnitState(List.copyOf(all), outcomes, now);
    }

    UnitState without(SeenRollout gone) {
        return new UnitState(
                rollouts.stream().filter(each -> !each.equals(gone)).toList(), outcomes, touchedAt);
    }
}
