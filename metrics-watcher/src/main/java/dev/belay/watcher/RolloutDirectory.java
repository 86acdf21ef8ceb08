// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import org.jspecify.annotations.Nullable;

/** The newest rollout of every flag, as far as the topic was read. Thread-safe. */
public final class RolloutDirectory implements Attribution.Plans {
    private static final String SLASH = "/";

    private final Map<String, Attribution.Known> newest = new ConcurrentHashMap<>();
    /** Flags whose live rollout counts an event, by {@code project/environment/event}. */
    private final Map<String, Set<String>> counting = new ConcurrentHashMap<>();
    /** Flags whose live rollout has a counter of an event, likewise. */
    private final Map<String, Set<String>> counters = new ConcurrentHashMap<>();
    /** Flags whose live rollout compares values of an event, likewise. */
    private final Map<String, Set<String>> valued = new ConcurrentHashMap<>();

    /** Takes in a state; versions of a known epoch change its status only, because its plan is frozen. */
    public void accept(String key, @Nullable RolloutState rollout, Instant appendedAt) {
        if (rollout != null) {
            newest.compute(rollout.ref().key(), (flag, known) -> {
                Attribution.Known next = next(known, rollout);
                String place = rollout.project() + SLASH + rollout.environment() + SLASH;
                replace(counting, flag, place, events(known), events(next));
                replace(counters, flag, place, counted(known), counted(next));
                replace(valued, flag, place, valued(known), valued(next));
                return next;
            });
        }
    }

    private static void replace(
            Map<String, Set<String>> flags, String flag, String place, Set<String> before, Set<String> after) {
        before.forEach(event -> flags.getOrDefault(place + event, Set.of()).remove(flag));
        after.forEach(event -> flags.computeIfAbsent(place + event, any -> ConcurrentHashMap.newKeySet())
                .add(flag));
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
        return List.copyOf(counting.getOrDefault(project + SLASH + environment + SLASH + event, Set.of()));
    }

    @Override
    public Set<String> properties(String project, String environment, String event) {
        if (valued.isEmpty()) {
            return Set.of();
        }
        Set<String> all = new TreeSet<>();
        for (String flag : valued.getOrDefault(project + SLASH + environment + SLASH + event, Set.of())) {
            Attribution.Known known = newest.get(flag);
            ComparedPlan plan = known == null ? null : known.plan();
            if (plan != null) {
                all.addAll(plan.properties(event));
            }
        }
        return all;
    }

    private static Set<String> valued(Attribution.@Nullable Known known) {
        ComparedPlan plan = known == null || !known.isLive() ? null : known.plan();
        return plan == null
                ? Set.of()
                : plan.valued().stream().map(ComparedPlan.ValuedMetric::event).collect(Collectors.toSet());
    }

    @Override
    public List<String> counters(String project, String environment, String event) {
        return counters.isEmpty()
                ? List.of()
                : List.copyOf(counters.getOrDefault(project + SLASH + environment + SLASH + event, Set.of()));
    }

    private static Set<String> counted(Attribution.@Nullable Known known) {
        ComparedPlan plan = known == null || !known.isLive() ? null : known.plan();
        return plan == null
                ? Set.of()
                : plan.counters().stream().map(ComparedPlan.Counter::event).collect(Collectors.toSet());
    }

    private static Set<String> events(Attribution.@Nullable Known known) {
        ComparedPlan plan = known == null || !known.isLive() ? null : known.plan();
        return plan == null ? Set.of() : plan.comparedEvents();
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
