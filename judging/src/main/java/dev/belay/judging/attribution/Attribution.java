// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.UnitState.SeenRollout;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the events of one unit and says what changes in the tallies of the rollouts it saw.
 *
 * <p>Pure. The sum of all deltas after any order and repetition of the same events is the same.
 *
 * @param unit the unit afterwards
 * @param isChanged whether the unit is another one than before
 * @param deltas what changes, at most one per rollout
 */
public record Attribution(UnitState unit, boolean isChanged, List<Delta> deltas) {
    private static final long UNEXPOSED_KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final long KEPT_MILLIS = Duration.ofDays(8).toMillis();

    /** Plans of the rollouts that are known now. */
    @FunctionalInterface
    public interface Plans {
        /** Returns the newest rollout of a flag; null when none is known. */
        @Nullable
        Known newest(String flagKey);
    }

    /**
     * The newest rollout of a flag.
     *
     * @param epoch its epoch
     * @param plan its plan; null for a lifted kill
     */
    public record Known(int epoch, @Nullable ComparedPlan plan) {}

    /** Takes in an exposure; one that no rollout decided for changes nothing. */
    public static Attribution onExposure(UnitState unit, Exposure exposure, Plans plans, long nowMillis) {
        String clause = exposure.clause();
        String flagKey = exposure.ref().key();
        Optional<SeenRollout> seen = find(unit, flagKey);
        int latest = seen.map(SeenRollout::epoch).orElse(0);
        Known known = plans.newest(flagKey);
        boolean isPast = exposure.epoch() < latest || (known != null && exposure.epoch() < known.epoch());
        if (clause == null || exposure.epoch() == 0 || isPast) {
            return unchanged(unit);
        }
        SeenRollout before = seen.filter(each -> each.epoch() == exposure.epoch())
                .orElseGet(() -> new SeenRollout(flagKey, exposure.epoch(), false, List.of()));
        SeenRollout after = before.with(Visit.of(exposure, clause));
        if (after.equals(before) && before.counted()) {
            return unchanged(unit);
        }
        ComparedPlan plan = known == null || known.epoch() != exposure.epoch() ? null : known.plan();
        if (plan == null) {
            return new Attribution(unit.withRollout(after, nowMillis), true, List.of());
        }
        UnitState changed = unit.withRollout(after.asCounted(), nowMillis);
        return new Attribution(changed, true, change(before, unit, after, changed, plan));
    }

    /** Takes in an outcome of the unit. */
    public static Attribution onOutcome(UnitState unit, Outcome outcome, Plans plans, long nowMillis) {
        long[] before = unit.times(outcome.event());
        long[] after = OutcomeTimes.with(before, Micros.of(outcome.at()));
        if (after == before) {
            return unchanged(unit);
        }
        UnitState changed = unit.withOutcome(outcome.event(), after, nowMillis);
        List<Delta> deltas = new ArrayList<>();
        for (SeenRollout seen : unit.rollouts()) {
            Known known = plans.newest(seen.flagKey());
            ComparedPlan plan = known == null || known.epoch() != seen.epoch() ? null : known.plan();
            if (seen.counted() && plan != null && plan.counts(outcome.event())) {
                deltas.addAll(change(seen, unit, seen, changed, plan));
            }
        }
        return new Attribution(changed, true, deltas);
    }

    /** Looks again at rollouts whose plan was not known when the unit was exposed. */
    public static Attribution onPlans(UnitState unit, Plans plans, long nowMillis) {
        UnitState changed = unit;
        boolean isChanged = false;
        List<Delta> deltas = new ArrayList<>();
        for (SeenRollout seen : unit.rollouts()) {
            Known known = plans.newest(seen.flagKey());
            if (!seen.counted() && known != null && known.epoch() > seen.epoch()) {
                changed = changed.without(seen);
                isChanged = true;
            } else if (!seen.counted() && known != null && known.epoch() == seen.epoch() && known.plan() != null) {
                changed = changed.withRollout(seen.asCounted(), nowMillis);
                isChanged = true;
                deltas.addAll(change(seen, unit, seen.asCounted(), changed, known.plan()));
            }
        }
        return new Attribution(changed, isChanged, deltas);
    }

    /**
     * Forgets what can no longer matter: units nobody heard of for longer than events are kept, and outcomes without any
     * exposure after an hour.
     *
     * @return null when nothing is left
     */
    public static @Nullable UnitState swept(UnitState unit, long nowMillis) {
        long idle = nowMillis - unit.touchedAt();
        if (idle > KEPT_MILLIS || (unit.isUnexposed() && idle > UNEXPOSED_KEPT_MILLIS)) {
            return null;
        }
        return unit;
    }

    private static Attribution unchanged(UnitState unit) {
        return new Attribution(unit, false, List.of());
    }

    private static Optional<SeenRollout> find(UnitState unit, String flagKey) {
        return unit.rollouts().stream()
                .filter(each -> each.flagKey().equals(flagKey))
                .findFirst();
    }

    private static List<Delta> change(
            SeenRollout before, UnitState unitBefore, SeenRollout after, UnitState unitAfter, ComparedPlan plan) {
        Contribution old = before.counted() ? Contribution.of(before, unitBefore, plan) : Contribution.NONE;
        Delta delta = Contribution.of(after, unitAfter, plan).since(old, after.flagKey(), after.epoch());
        return delta.isNone() ? List.of() : List.of(delta);
    }
}
