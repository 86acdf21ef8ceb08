// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.Attribution.Known;
import dev.belay.judging.attribution.Attribution.Plans;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.attribution.UnitState;
import dev.belay.judging.attribution.UnitState.Seen;

/**
 * Counts, between two handings on, how many outcomes are of units that saw the flag of a live rollout. It watches the data
 * and proves nothing: what a crash takes from it is not made up for.
 */
final class Joins {
    /*
     * An outcome costs as much as its unit saw, however many rollouts are live: all outcomes of a name are counted once, and
     * become those of every rollout that counts them when a slice ends.
     */
    /** Of so many slices a flag is handed on once. */
    static final int SLICES = 5;

    private static final int EXAMPLES = 8;

    private final Plans plans;
    private final Map<Name, Arrived> arrived = new HashMap<>();
    private final Map<Seen, Map<String, Long>> joined = new HashMap<>();
    private final Map<String, Map<String, JoinCount>> byFlag = new HashMap<>();
    private int slice;

    /** Outcomes of one name in one environment. */
    private record Name(String project, String environment, String event) {}

    /** Outcomes of one name within a slice, with some of them to name as examples. */
    private static final class Arrived {
        private final Deque<Example> latest = new ArrayDeque<>();
        private long outcomes;

        void add(Example one) {
            outcomes++;
            if (latest.size() == EXAMPLES) {
                latest.removeLast();
            }
            latest.addFirst(one);
        }
    }

    private record Example(Outcome outcome, UnitState unit) {}

    Joins(Plans plans) {
        this.plans = plans;
    }

    /** Takes in an outcome that was not known; {@code unit} as it is with it, empty when the outcome has none. */
    void happened(Outcome outcome, UnitState unit) {
        Name name = new Name(outcome.project(), outcome.environment(), outcome.event());
        Arrived all = arrived.computeIfAbsent(name, any -> new Arrived());
        all.add(new Example(outcome, unit));
        unit.seen().forEach(each -> join(each, outcome.event(), 1));
    }

    /** Takes in that a unit saw a flag for the first time: what it did before is joined after all. */
    void saw(String flagKey, UnitState unit) {
        Known known = plans.newest(flagKey);
        ComparedPlan plan = known == null ? null : known.plan();
        if (known == null || plan == null || !known.isLive()) {
            return;
        }
        Seen seen = new Seen(flagKey, known.epoch());
        plan.comparedEvents().forEach(event -> {
            int earlier = unit.outcomes(event);
            if (earlier > 0) {
                join(seen, event, earlier);
            }
        });
    }

    /** Ends a slice; returns what was counted of the flags whose turn it is, which is all of them after {@link #SLICES}. */
    List<Delta> takeDue() {
        slice = (slice + 1) % SLICES;
        return take(flagKey -> Math.floorMod(flagKey.hashCode(), SLICES) == slice);
    }

    /** Ends a slice; returns everything that was counted and not handed on. */
    List<Delta> takeAll() {
        return take(flagKey -> true);
    }

    void clear() {
        arrived.clear();
        joined.clear();
        byFlag.clear();
    }

    private List<Delta> take(Predicate<String> isDue) {
        endSlice();
        List<Delta> all = new ArrayList<>();
        byFlag.forEach((flagKey, joins) -> {
            Known known = plans.newest(flagKey);
            if (known != null && isDue.test(flagKey)) {
                all.add(Delta.ofJoins(flagKey, known.epoch(), joins));
            }
        });
        byFlag.keySet().removeIf(isDue);
        return all;
    }

    private void endSlice() {
        arrived.forEach((name, all) -> {
            for (String flagKey : plans.counting(name.project(), name.environment(), name.event())) {
                Known known = plans.newest(flagKey);
                if (known != null) {
                    add(flagKey, name.event(), count(all, new Seen(flagKey, known.epoch())));
                }
            }
        });
        arrived.clear();
        joined.forEach((seen, events) -> {
            Known known = plans.newest(seen.flagKey());
            ComparedPlan plan = known == null || !known.isLive() || known.epoch() != seen.epoch() ? null : known.plan();
            events.forEach((event, count) -> {
                if (plan != null && plan.counts(event)) {
                    add(seen.flagKey(), event, new JoinCount(0, count, null));
                }
            });
        });
        joined.clear();
    }

    private static JoinCount count(Arrived all, Seen seen) {
        String example = all.latest.stream()
                .filter(each -> !each.unit().saw(seen.flagKey(), seen.epoch()))
                .findFirst()
                .map(each -> describe(each.outcome()))
                .orElse(null);
        return new JoinCount(all.outcomes, 0, example);
    }

    private void join(Seen seen, String event, long count) {
        joined.computeIfAbsent(seen, any -> new HashMap<>()).merge(event, count, Long::sum);
    }

    private void add(String flagKey, String event, JoinCount count) {
        byFlag.computeIfAbsent(flagKey, any -> new HashMap<>()).merge(event, count, JoinCount::plus);
    }

    private static String describe(Outcome outcome) {
        return outcome.unit() == null
                ? outcome.id() + " (without a user)"
                : outcome.unit().kind() + ":" + outcome.unit().id();
    }
}
