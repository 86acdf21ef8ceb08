// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Latest statistics of one guardrail and variant, sufficient to draw charts without computing anything again.
 *
 * <p>Topics {@code belay.evidence.v1} and {@code belay.evidence-history.v1}, keyed by {@code
 * flag#epoch#guardrail#variant[#segment]}.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch epoch of the rollout
 * @param stage index of the present stage
 * @param guardrail name of the guardrail
 * @param metric name of its metric
 * @param variant treatment
 * @param segment {@code dimension=value}; null for everyone
 * @param control counts of control, over the compared strata
 * @param treatment counts of the treatment, over the compared strata
 * @param strata counts per stratum
 * @param excluded units that are not compared, by reason
 * @param estimate how large the change is
 * @param members the guardrail's e-processes
 * @param logTotal logarithm of the weighted evidence of the whole rollout at this moment; null for members without rollback
 * @param logLimit what {@code logTotal} must reach to roll back
 * @param logHealthy logarithm of the present stage's evidence that the change is within the limit
 * @param logHealthyLimit what {@code logHealthy} must reach
 * @param blocks number of the last block it rests on, 0 for none
 * @param at when it was computed
 */
public record Evidence(
        String project,
        String environment,
        String flag,
        int epoch,
        int stage,
        String guardrail,
        String metric,
        String variant,
        @Nullable String segment,
        Counts control,
        Counts treatment,
        List<StratumCounts> strata,
        Map<String, Long> excluded,
        Estimate estimate,
        List<MemberEvidence> members,
        @Nullable Double logTotal,
        double logLimit,
        double logHealthy,
        double logHealthyLimit,
        long blocks,
        Instant at) {
    /** @throws IllegalArgumentException if a part is missing */
    public Evidence {
        new FlagRef(project, environment, flag);
        Require.positive(epoch, "epoch");
        Require.name(guardrail, "guardrail");
        Require.name(metric, "metric");
        Require.name(variant, "variant");
        Require.nonNull(control, "control");
        Require.nonNull(treatment, "treatment");
        strata = strata == null ? List.of() : List.copyOf(strata);
        excluded = excluded == null ? Map.of() : Map.copyOf(excluded);
        Require.nonNull(estimate, "estimate");
        members = members == null ? List.of() : List.copyOf(members);
        Require.nonNull(at, "at");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns the key of the record. */
    public String recordKey() {
        String base = ref().key() + "#" + epoch + "#" + guardrail + "#" + variant;
        return segment == null ? base : base + "#" + segment;
    }
}
