// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.statistics.FalseDiscoveries;
import org.jspecify.annotations.Nullable;

/**
 * Where harm is found among all flags of an environment, so that of what is reported at most a share is expected to be wrong (e-BH,
 * statistics.md §5). It decides nothing: what is rolled back has an alpha of its own.
 *
 * @param level expected share of wrong ones among those reported, at most
 * @param considered comparisons of a guardrail, treatment and segment that were looked at
 * @param reported those where harm is found, the strongest evidence first
 */
public record EvidenceReport(double level, int considered, List<Found> reported) {
    /**
     * Harm that is reported.
     *
     * @param flag key of the flag
     * @param epoch epoch of its newest rollout
     * @param variant treatment
     * @param guardrail name of the guardrail
     * @param metric name of its metric
     * @param segment {@code dimension=value}; null for everyone
     * @param logEvidence logarithm of the comparison's own evidence of harm, whatever its part of a rollout's alpha is
     * @param estimate how large the change is
     * @param control counts of control
     * @param treatment counts of the treatment
     * @param at when it was computed
     */
    public record Found(
            String flag,
            int epoch,
            String variant,
            String guardrail,
            String metric,
            @Nullable String segment,
            double logEvidence,
            Estimate estimate,
            Counts control,
            Counts treatment,
            Instant at) {
        static Found of(Evidence evidence) {
            return new Found(
                    evidence.flag(),
                    evidence.epoch(),
                    evidence.variant(),
                    evidence.guardrail(),
                    evidence.metric(),
                    evidence.segment(),
                    own(evidence),
                    evidence.estimate(),
                    evidence.control(),
                    evidence.treatment(),
                    evidence.at());
        }
    }

    /**
     * Returns the report.
     *
     * @param evidence the latest of every comparison
     * @param level in (0, 1)
     * @throws IllegalArgumentException if the level is out of its range
     */
    public static EvidenceReport of(List<Evidence> evidence, double level) {
        Require.that(level > 0 && level < 1, "level", "must lie in (0, 1)", level);
        List<Found> all = evidence.stream()
                .filter(each -> !each.members().isEmpty())
                .map(Found::of)
                .toList();
        List<Double> logs = all.stream().map(Found::logEvidence).toList();
        List<Found> reported = FalseDiscoveries.reported(logs, level).stream()
                .map(all::get)
                .sorted(Comparator.comparingDouble(Found::logEvidence).reversed())
                .toList();
        return new EvidenceReport(level, all.size(), reported);
    }

    /** The members' weighted mean is evidence of its own, because weights are fixed before anything is seen. */
    private static double own(Evidence evidence) {
        double largest = evidence.members().stream()
                .mapToDouble(MemberEvidence::logHarm)
                .max()
                .orElse(0);
        double weights = 0;
        double sum = 0;
        for (MemberEvidence each : evidence.members()) {
            weights += each.weight();
            sum += each.weight() * StrictMath.exp(each.logHarm() - largest);
        }
        return weights > 0 ? largest + StrictMath.log(sum / weights) : 0;
    }
}
