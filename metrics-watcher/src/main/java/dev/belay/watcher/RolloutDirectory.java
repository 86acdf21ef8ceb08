// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import org.jspecify.annotations.Nullable;

/** The newest rollout of every flag, as far as the topic was read. Thread-safe. */
public final class RolloutDirectory implements Attribution.Plans {
    private final Map<String, Attribution.Known> newest = new ConcurrentHashMap<>();
    /** Flags whose live rollout counts an event, by its name. Made anew with each change, read with each outcome. */
    private volatile Map<String, List<String>> counting = Map.of();

    /** Takes in a state; versions of a known epoch change its status only, because its plan is frozen. */
    public void accept(String key, @Nullable RolloutState rollout, Instant appendedAt) {
        if (rollout != null) {
            newest.compute(rollout.ref().key(), (flag, known) -> next(known, rollout));
            index();
        }
    }

    @Override
    public Attribution.@Nullable Known newest(String flagKey) {
        return newest.get(flagKey);
    }

    @Override
    public boolean count(String event) {
        return newest.values().stream().anyMatch(known -> {
            ComparedPlan plan = known.plan();
            return plan != null && plan.counts(event);
        });
    }

    @Override
    public List<String> counting(String project, String environment, String event) {
        String place = project + "/" + environment + "/";
        return counting.getOrDefault(event, List.of()).stream()
                .filter(flag -> flag.startsWith(place))
                .toList();
    }

    private synchronized void index() {
        Map<String, List<String>> all = new HashMap<>();
        newest.forEach((flag, known) -> {
            ComparedPlan plan = known.plan();
            if (plan != null && known.isLive()) {
                plan.metrics().stream()
                        .map(ComparedPlan.JudgedMetric::event)
                        .distinct()
                        .forEach(event -> all.computeIfAbsent(event, any -> new ArrayList<>())
                                .add(flag));
            }
        });
        counting = all;
    }

    private static Attribution.Known next(Attribution.@Nullable Known known, RolloutState rollout) {
        if (known != null && known.epoch() > rollout.epoch()) {
            return known;
        }
        boolean isSame = known != null && known.epoch() == rollout.epoch();
        ComparedPlan plan = isSame && known != null && known.plan() != null ? known.plan() : ComparedPlan.of(rollout);
        return new Attribution.Known(rollout.epoch(), plan, rollout.status().isLive());
    }
}
