// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.judging.planning.Traffic;
import org.jspecify.annotations.Nullable;

/** Reads the traffic off what the watcher said last. Pure. */
final class RecentTraffic {
    /** Less is no traffic to count on. */
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private static final double MILLIS_AN_HOUR = 3_600_000;

    private RecentTraffic() {}

    /**
     * Returns the units an hour of a flag's latest rollout, and the rates of control over all evidence of the project: of
     * each metric the one that most units tell of.
     *
     * @param evidence the latest evidence of the project
     * @param flag the flag; null when no flag is asked about
     * @param rollout its latest rollout; null when there was none
     */
    static Traffic of(Collection<Evidence> evidence, @Nullable FlagRef flag, @Nullable RolloutState rollout) {
        Map<String, Counts> control = new HashMap<>();
        List<Evidence> own = new ArrayList<>();
        for (Evidence each : evidence) {
            if (each.segment() != null) {
                continue;
            }
            control.merge(
                    each.metric(), each.control(), (one, other) -> one.exposed() >= other.exposed() ? one : other);
            if (rollout != null && each.ref().equals(flag) && each.epoch() == rollout.epoch()) {
                own.add(each);
            }
        }
        Map<String, Traffic.Level> metrics = new HashMap<>();
        control.forEach((metric, counts) -> {
            if (counts.exposed() > 0) {
                metrics.put(metric, Traffic.Level.ofRate(Math.min(1, (double) counts.events() / counts.exposed())));
            }
        });
        return new Traffic(rollout == null ? Map.of() : unitsPerHour(own, rollout), metrics);
    }

    /** Of the guardrail that most units tell of: each counts the same ones. */
    private static Map<String, Double> unitsPerHour(List<Evidence> own, RolloutState rollout) {
        Map<String, Double> units = new HashMap<>();
        Map<String, Double> millis = new HashMap<>();
        String guardrail = own.stream()
                .max((one, other) ->
                        Long.compare(one.control().exposed(), other.control().exposed()))
                .map(Evidence::guardrail)
                .orElse("");
        Map<String, Double> seen = new HashMap<>();
        Instant last = rollout.createdAt();
        for (Evidence each : own) {
            if (each.guardrail().equals(guardrail)) {
                last = each.at().isAfter(last) ? each.at() : last;
                boolean isFirst = seen.isEmpty();
                for (StratumCounts stratum : each.strata()) {
                    String key = stratum.allocation() + "|" + stratum.clause();
                    double more = stratum.treatment().exposed()
                            + (isFirst ? stratum.control().exposed() : 0);
                    seen.merge(key, more, Double::sum);
                }
            }
        }
        List<Allocation> allocations = rollout.allocations();
        for (int i = 0; i < allocations.size(); i++) {
            Allocation allocation = allocations.get(i);
            Instant end = i + 1 < allocations.size() ? allocations.get(i + 1).since() : last;
            long length = Duration.between(allocation.since(), end).toMillis();
            if (length >= SHORTEST.toMillis()) {
                allocation.clauses().forEach(clause -> {
                    Double count = seen.get(allocation.number() + "|" + clause.id());
                    if (count != null) {
                        units.merge(clause.id(), count, Double::sum);
                        millis.merge(clause.id(), (double) length, Double::sum);
                    }
                });
            }
        }
        units.replaceAll((clause, count) ->
                count / Objects.requireNonNullElse(millis.get(clause), MILLIS_AN_HOUR) * MILLIS_AN_HOUR);
        return units;
    }
}
