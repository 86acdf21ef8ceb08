// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.events.Outcome;
import dev.belay.judging.attribution.Attribution.Known;
import dev.belay.judging.attribution.Attribution.Plans;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.ComparedPlan.JudgedMetric;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.attribution.UnitState;

/**
 * Counts, between two handings on, how many outcomes are of units that saw the flag of a live rollout. It watches the data
 * and proves nothing: what a crash takes from it is not made up for.
 */
final class Joins {
    private final Plans plans;
    private final Map<String, Map<String, JoinCount>> byFlag = new HashMap<>();

    Joins(Plans plans) {
        this.plans = plans;
    }

    /** Takes in an outcome that was not known; {@code unit} as it is with it, empty when the outcome has none. */
    void happened(Outcome outcome, UnitState unit) {
        for (String flagKey : plans.counting(outcome.project(), outcome.environment(), outcome.event())) {
            Known known = plans.newest(flagKey);
            if (known != null) {
                boolean joins = unit.saw(flagKey, known.epoch());
                add(flagKey, outcome.event(), new JoinCount(1, joins ? 1 : 0, joins ? null : example(outcome)));
            }
        }
    }

    /** Takes in that a unit saw a flag for the first time: what it did before is joined after all. */
    void saw(String flagKey, UnitState unit) {
        Known known = plans.newest(flagKey);
        ComparedPlan plan = known == null || !known.isLive() ? null : known.plan();
        if (plan != null) {
            plan.metrics().stream().map(JudgedMetric::event).distinct().forEach(event -> {
                int earlier = unit.outcomes(event);
                if (earlier > 0) {
                    add(flagKey, event, new JoinCount(0, earlier, null));
                }
            });
        }
    }

    /** Returns what was counted since the last call. */
    List<Delta> take() {
        List<Delta> all = new ArrayList<>();
        byFlag.forEach((flagKey, joins) -> {
            Known known = plans.newest(flagKey);
            if (known != null) {
                all.add(Delta.ofJoins(flagKey, known.epoch(), joins));
            }
        });
        byFlag.clear();
        return all;
    }

    void clear() {
        byFlag.clear();
    }

    private void add(String flagKey, String event, JoinCount count) {
        byFlag.computeIfAbsent(flagKey, any -> new HashMap<>()).merge(event, count, JoinCount::plus);
    }

    private static String example(Outcome outcome) {
        return outcome.unit() == null
                ? outcome.id() + " (without a user)"
                : outcome.unit().kind() + ":" + outcome.unit().id();
    }
}
