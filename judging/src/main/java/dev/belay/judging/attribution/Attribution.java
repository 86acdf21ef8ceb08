// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.belay.contracts.Require;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.UnitState.SeenRollout;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the events of one unit and says what changes in the tallies of the rollouts it saw.
 *
 * <p>Pure. The sum of all deltas after any order and repetition of the same events is the same, also when plans were unknown
 * for a while.
 *
 * @param unit the unit afterwards
 * @param isChanged whether the unit is another one than before
 * @param deltas what changes, at most one per rollout
 */
public record Attribution(UnitState unit, boolean isChanged, List<Delta> deltas) {
    /** Names of outcomes kept per unit, besides those that some known plan counts. */
    static final int NAMES_KEPT = 200;

    private static final int LONGEST_TEXT = 1_000;
    private static final long EARLY_KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final long LATE_AFTER_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long KEPT_MILLIS = Duration.ofDays(8).toMillis();
    private static final long MICROS_PER_MILLI = 1_000;

    /** Plans of the rollouts that are known now. */
    @FunctionalInterface
    public interface Plans {
        /** Returns the newest rollout of a flag; null when none is known. */
        @Nullable
        Known newest(String flagKey);

        /** Returns whether outcomes of that name may count for some rollout. */
        default boolean count(String event) {
            return true;
        }

        /** Returns the flags of an environment whose live rollout counts outcomes of that name. */
        default List<String> counting(String project, String environment, String event) {
            return List.of();
        }

        /** Returns the names of properties that hold values which some live rollout compares. */
        default Set<String> properties(String project, String environment, String event) {
            return Set.of();
        }

        /** Returns the flags of an environment whose live rollout has a counter of outcomes of that name. */
        default List<String> counters(String project, String environment, String event) {
            return List.of();
        }
    }

    /**
     * The newest rollout of a flag.
     *
     * @param epoch its epoch
     * @param plan its plan; null for a lifted kill
     * @param isLive whether it is served, so that its units must not be forgotten
     */
    public record Known(int epoch, @Nullable ComparedPlan plan, boolean isLive) {
        @Nullable
        ComparedPlan planOf(SeenRollout seen) {
            return epoch == seen.epoch() ? plan : null;
        }

        boolean isNewerThan(SeenRollout seen) {
            return epoch > seen.epoch();
        }
    }

    /**
     * Takes in an exposure; one of a unit that the rollout does not admit changes no count, only that the unit saw the flag.
     *
     * @throws IllegalArgumentException if a text is too long or the time too far away to be kept
     */
    public static Attribution onExposure(UnitState unit, Exposure exposure, Plans plans, long nowMillis) {
        String clause = exposure.clause();
        if (exposure.epoch() == 0 || isPast(unit, exposure, plans)) {
            return unchanged(unit);
        }
        String flagKey = exposure.ref().key();
        if (clause == null) {
            return unit.saw(flagKey, exposure.epoch())
                    ? unchanged(unit)
                    : new Attribution(
                            unit.with(SeenRollout.notAdmitted(flagKey, exposure.epoch()), nowMillis), true, List.of());
        }
        requireShort(clause, "clause");
        SeenRollout before = find(unit, flagKey)
                .filter(each -> each.epoch() == exposure.epoch())
                .orElseGet(() -> SeenRollout.start(flagKey, exposure.epoch()));
        SeenRollout after = before.with(Visit.of(exposure, clause));
        if (after.equals(before) && !before.isBehind()) {
            return unchanged(unit);
        }
        return counted(unit.with(after, nowMillis), List.of(after), plans);
    }

    /**
     * Takes in an outcome of the unit.
     *
     * @throws IllegalArgumentException if a text is too long or the time too far away to be kept
     */
    public static Attribution onOutcome(UnitState unit, Outcome outcome, Plans plans, long nowMillis) {
        String event = outcome.event();
        requireShort(event, "event");
        long[] before = unit.times(event);
        long[] after = OutcomeTimes.with(before, Micros.of(outcome.at()));
        boolean isOneTooMany = before.length == 0 && unit.outcomes().size() >= NAMES_KEPT && !plans.count(event);
        Map<String, SortedMap<Long, Double>> values = values(unit, outcome, plans);
        if ((after == before && values == unit.values()) || isOneTooMany) {
            return unchanged(unit);
        }
        List<SeenRollout> touched = unit.rollouts().stream()
                .filter(seen -> mayCount(seen, plans, event))
                .toList();
        return counted(unit.withOutcome(event, after, values, nowMillis), touched, plans);
    }

    /** An outcome's own value is kept always, a property when a known plan asks for it. */
    private static Map<String, SortedMap<Long, Double>> values(UnitState unit, Outcome outcome, Plans plans) {
        long at = Micros.of(outcome.at());
        String event = outcome.event();
        Map<String, SortedMap<Long, Double>> all = unit.values();
        Double own = OutcomeValues.of(outcome, null);
        if (own != null) {
            all = OutcomeValues.with(all, OutcomeValues.key(event, null), at, own);
        }
        if (!outcome.properties().isEmpty()) {
            for (String property : plans.properties(outcome.project(), outcome.environment(), event)) {
                Double value = OutcomeValues.of(outcome, property);
                if (value != null) {
                    all = OutcomeValues.with(all, OutcomeValues.key(event, property), at, value);
                }
            }
        }
        return all;
    }

    /**
     * Returns what an outcome that was not known adds to counters besides those of its unit: to those of its project, and,
     * when it has no unit, to those of the flag and variant that it is tagged with.
     *
     * @throws IllegalArgumentException if the time is too far away to be kept
     */
    public static List<Delta> onCounters(Outcome outcome, Plans plans) {
        List<Delta> all = new ArrayList<>();
        for (String flagKey : plans.counters(outcome.project(), outcome.environment(), outcome.event())) {
            Known known = plans.newest(flagKey);
            ComparedPlan plan = known == null || !known.isLive() ? null : known.plan();
            Map<Counted, Integer> counted = plan == null ? Map.of() : counted(outcome, flagKey, plan);
            if (known != null && !counted.isEmpty()) {
                all.add(Delta.ofEvents(flagKey, known.epoch(), counted));
            }
        }
        return all;
    }

    private static Map<Counted, Integer> counted(Outcome outcome, String flagKey, ComparedPlan plan) {
        long second = Math.floorDiv(Micros.of(outcome.at()), MICROS_PER_MILLI * 1_000);
        boolean isTagged = outcome.unit() == null
                && flagKey.equals(outcome.project() + "/" + outcome.environment() + "/" + outcome.flag());
        String variant = String.valueOf(outcome.variant());
        Map<Counted, Integer> counted = new TreeMap<>(Comparator.comparing(Counted::counter));
        for (ComparedPlan.Counter counter : plan.counters()) {
            boolean counts = counter.event().equals(outcome.event())
                    && switch (counter.of()) {
                        case PROJECT -> true;
                        case FLAG -> isTagged;
                        case TREATMENT -> isTagged && plan.plan().treatments().contains(variant);
                    };
            if (counts) {
                counted.put(new Counted(counter.key(variant), second), 1);
            }
        }
        return counted;
    }

    /** Returns whether what happened then came too late to be taken for news. */
    public static boolean isLate(Instant at, long appendedMillis) {
        return appendedMillis - at.toEpochMilli() > LATE_AFTER_MILLIS;
    }

    /** Looks again at rollouts whose plan was not known when something happened to the unit. */
    public static Attribution onPlans(UnitState unit, Plans plans) {
        UnitState left = unit;
        List<SeenRollout> behind = new ArrayList<>();
        for (SeenRollout seen : unit.rollouts()) {
            Known known = plans.newest(seen.flagKey());
            if (seen.isBehind() && known != null && known.isNewerThan(seen)) {
                left = left.without(seen);
            } else if (seen.isBehind() && known != null && known.planOf(seen) != null) {
                behind.add(seen);
            }
        }
        boolean isUnchanged = left.rollouts().size() == unit.rollouts().size() && behind.isEmpty();
        return isUnchanged ? unchanged(unit) : counted(left, behind, plans);
    }

    /**
     * Forgets what can no longer matter: rollouts that are over, outcomes that came an hour or more before any exposure, and
     * those that no rollout of the unit counts. A unit of a live rollout is kept for as long as that lives, or it would be
     * counted again when it comes back.
     *
     * @return the same unit when there is nothing to forget, null when nothing is left
     */
    public static @Nullable UnitState swept(UnitState unit, Plans plans, long nowMillis) {
        if (!mayForget(unit.touchedAt(), nowMillis)) {
            return unit;
        }
        List<SeenRollout> rollouts = unit.rollouts().stream()
                .filter(seen -> !isOver(seen, plans, nowMillis))
                .toList();
        Map<String, long[]> outcomes = new TreeMap<>();
        long longAgo = (nowMillis - EARLY_KEPT_MILLIS) * MICROS_PER_MILLI;
        long first = rollouts.stream().mapToLong(SeenRollout::firstAt).min().orElse(longAgo);
        unit.outcomes().forEach((event, times) -> {
            boolean isCounted = rollouts.stream().anyMatch(seen -> mayCount(seen, plans, event));
            long[] left = OutcomeTimes.from(times, isCounted ? Math.min(first, longAgo) : longAgo);
            if (left.length > 0) {
                outcomes.put(event, left);
            }
        });
        if (rollouts.isEmpty() && outcomes.isEmpty()) {
            return null;
        }
        return unit.forgetting(rollouts, outcomes);
    }

    /** Returns whether a unit last touched then may have anything to forget. */
    public static boolean mayForget(long touchedAt, long nowMillis) {
        return nowMillis - touchedAt >= EARLY_KEPT_MILLIS;
    }

    private static boolean isPast(UnitState unit, Exposure exposure, Plans plans) {
        String flagKey = exposure.ref().key();
        Known known = plans.newest(flagKey);
        int latest = find(unit, flagKey).map(SeenRollout::epoch).orElse(0);
        return exposure.epoch() < latest || (known != null && exposure.epoch() < known.epoch());
    }

    /** A rollout whose plan is not known may count anything. */
    private static boolean mayCount(SeenRollout seen, Plans plans, String event) {
        Known known = plans.newest(seen.flagKey());
        if (known == null || !known.isNewerThan(seen)) {
            ComparedPlan plan = known == null ? null : known.planOf(seen);
            return plan == null || plan.counts(event);
        }
        return false;
    }

    private static boolean isOver(SeenRollout seen, Plans plans, long nowMillis) {
        Known known = plans.newest(seen.flagKey());
        if (known != null && known.isNewerThan(seen)) {
            return true;
        }
        boolean isLive = known != null && known.epoch() == seen.epoch() && known.isLive();
        return !isLive && seen.lastAt() < (nowMillis - KEPT_MILLIS) * MICROS_PER_MILLI;
    }

    /** Brings the tallies of these rollouts up to date; where the plan is not known, that has to wait. */
    private static Attribution counted(UnitState unit, List<SeenRollout> touched, Plans plans) {
        UnitState changed = unit;
        List<Delta> deltas = new ArrayList<>();
        for (SeenRollout seen : touched) {
            Known known = plans.newest(seen.flagKey());
            ComparedPlan plan = known == null ? null : known.planOf(seen);
            if (plan == null) {
                changed = changed.with(seen.behind());
            } else {
                Contribution contribution = Contribution.of(seen, unit, plan);
                Delta delta = contribution.since(seen.counted(), seen.flagKey(), seen.epoch());
                changed = changed.with(seen.counting(contribution));
                if (!delta.isNone()) {
                    deltas.add(delta);
                }
            }
        }
        return new Attribution(changed, true, List.copyOf(deltas));
    }

    private static Attribution unchanged(UnitState unit) {
        return new Attribution(unit, false, List.of());
    }

    private static Optional<SeenRollout> find(UnitState unit, String flagKey) {
        return unit.rollouts().stream()
                .filter(each -> each.flagKey().equals(flagKey))
                .findFirst();
    }

    private static void requireShort(String text, String field) {
        Require.that(
                text.length() <= LONGEST_TEXT,
                field,
                "must have at most " + LONGEST_TEXT + " characters",
                text.length());
    }
}
