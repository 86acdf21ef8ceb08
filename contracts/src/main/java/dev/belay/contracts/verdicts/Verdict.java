// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Guardrail;
import org.jspecify.annotations.Nullable;

/**
 * What the watcher says of one guardrail, for one variant and segment, with the numbers it rests on. Said on every
 * change and again every heartbeat.
 *
 * <p>Topic {@code belay.verdicts.v1}, keyed by {@code project/environment/flag}.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch epoch of the rollout
 * @param rolloutVersion version of the rollout state it was judged with
 * @param stage index of the stage it is about
 * @param guardrail name of the guardrail
 * @param metric name of its metric
 * @param variant treatment
 * @param segment {@code dimension=value}; null for everyone
 * @param decision what is known
 * @param reasons why; may be empty for BREACHED and HEALTHY
 * @param limit what must not be crossed
 * @param threshold the limit, as in {@link Guardrail#threshold}
 * @param then what a breach does
 * @param scope what a breach takes out
 * @param estimate how large the change is
 * @param control counts of control
 * @param treatment counts of the treatment
 * @param stageControl units of control exposed in the present stage's allocations, over its compared strata
 * @param stageTreatment units of the treatment exposed in the present stage's allocations, over its compared strata
 * @param treatedUnits distinct units of the rollout that saw this treatment, compared or not
 * @param excluded units that are not compared, by reason
 * @param logEvidence logarithm of the evidence of harm that is held against {@code logLimit}
 * @param logLimit what {@code logEvidence} must reach: log(1/alpha)
 * @param logHealthy logarithm of the evidence that the change is within the limit, of the present stage
 * @param logHealthyLimit what {@code logHealthy} must reach: log(1/beta)
 * @param blocks number of the last block it rests on, 0 for none
 * @param lastExposureAt when the last compared exposure arrived; null for none
 * @param evidenceAt when the record arrived that completed the evidence of a breach; null otherwise
 * @param at when it was judged
 * @param notes sentences for people, with the numbers behind the reasons; they decide nothing
 * @param sentence all of it in one line for people, for instance {@code conversion −27 % (95 % CS −41 … −9 %), limit −20 %,
 *     evidence 312:1}; null in verdicts of before it was said
 */
public record Verdict(
        String project,
        String environment,
        String flag,
        int epoch,
        long rolloutVersion,
        int stage,
        String guardrail,
        String metric,
        String variant,
        @Nullable String segment,
        Decision decision,
        List<Reason> reasons,
        Guardrail.Limit limit,
        double threshold,
        Guardrail.Then then,
        Guardrail.Scope scope,
        Estimate estimate,
        Counts control,
        Counts treatment,
        long stageControl,
        long stageTreatment,
        long treatedUnits,
        Map<String, Long> excluded,
        double logEvidence,
        double logLimit,
        double logHealthy,
        double logHealthyLimit,
        long blocks,
        @Nullable Instant lastExposureAt,
        @Nullable Instant evidenceAt,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> notes,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        String sentence) {
    /** @throws IllegalArgumentException if a part is missing */
    public Verdict {
        new FlagRef(project, environment, flag);
        Require.positive(epoch, "epoch");
        Require.name(guardrail, "guardrail");
        Require.name(metric, "metric");
        Require.name(variant, "variant");
        Require.nonNull(decision, "decision");
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        Require.nonNull(limit, "limit");
        Require.nonNull(then, "then");
        Require.nonNull(scope, "scope");
        Require.nonNull(estimate, "estimate");
        Require.nonNull(control, "control");
        Require.nonNull(treatment, "treatment");
        excluded = excluded == null ? Map.of() : Map.copyOf(excluded);
        Require.nonNull(at, "at");
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** A verdict without notes. */
    public Verdict(
            String project,
            String environment,
            String flag,
            int epoch,
            long rolloutVersion,
            int stage,
            String guardrail,
            String metric,
            String variant,
            @Nullable String segment,
            Decision decision,
            List<Reason> reasons,
            Guardrail.Limit limit,
            double threshold,
            Guardrail.Then then,
            Guardrail.Scope scope,
            Estimate estimate,
            Counts control,
            Counts treatment,
            long stageControl,
            long stageTreatment,
            long treatedUnits,
            Map<String, Long> excluded,
            double logEvidence,
            double logLimit,
            double logHealthy,
            double logHealthyLimit,
            long blocks,
            @Nullable Instant lastExposureAt,
            @Nullable Instant evidenceAt,
            Instant at) {
        this(
                project,
                environment,
                flag,
                epoch,
                rolloutVersion,
                stage,
                guardrail,
                metric,
                variant,
                segment,
                decision,
                reasons,
                limit,
                threshold,
                then,
                scope,
                estimate,
                control,
                treatment,
                stageControl,
                stageTreatment,
                treatedUnits,
                excluded,
                logEvidence,
                logLimit,
                logHealthy,
                logHealthyLimit,
                blocks,
                lastExposureAt,
                evidenceAt,
                at,
                List.of(),
                null);
    }

    /** A verdict without a sentence. */
    public Verdict(
            String project,
            String environment,
            String flag,
            int epoch,
            long rolloutVersion,
            int stage,
            String guardrail,
            String metric,
            String variant,
            @Nullable String segment,
            Decision decision,
            List<Reason> reasons,
            Guardrail.Limit limit,
            double threshold,
            Guardrail.Then then,
            Guardrail.Scope scope,
            Estimate estimate,
            Counts control,
            Counts treatment,
            long stageControl,
            long stageTreatment,
            long treatedUnits,
            Map<String, Long> excluded,
            double logEvidence,
            double logLimit,
            double logHealthy,
            double logHealthyLimit,
            long blocks,
            @Nullable Instant lastExposureAt,
            @Nullable Instant evidenceAt,
            Instant at,
            List<String> notes) {
        this(
                project,
                environment,
                flag,
                epoch,
                rolloutVersion,
                stage,
                guardrail,
                metric,
                variant,
                segment,
                decision,
                reasons,
                limit,
                threshold,
                then,
                scope,
                estimate,
                control,
                treatment,
                stageControl,
                stageTreatment,
                treatedUnits,
                excluded,
                logEvidence,
                logLimit,
                logHealthy,
                logHealthyLimit,
                blocks,
                lastExposureAt,
                evidenceAt,
                at,
                notes,
                null);
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns what the verdict is about: {@code flag#epoch#guardrail#variant[#segment]}. */
    public String subject() {
        String base = ref().key() + "#" + epoch + "#" + guardrail + "#" + variant;
        return segment == null ? base : base + "#" + segment;
    }
}
