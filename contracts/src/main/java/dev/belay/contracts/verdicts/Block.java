// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * The unit of evidence: what one stratum's two arms did since its last block. What is decided is a function of a rollout's
 * blocks in the order of {@code seq}, bit for bit; only whether data flow now ({@code NO_DATA}, {@code STALE}) is the
 * clock's, and all that can do is hold.
 *
 * <p>Topic {@code belay.blocks.v1}, keyed by {@code project/environment/flag}. Where a block ends depends on exposures
 * and time, never on outcomes.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch epoch of the rollout
 * @param seq number of the block within the rollout, from 1 without gaps
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param stage index of the allocation's stage
 * @param variant treatment that is compared with control
 * @param segment {@code dimension=value} the block is restricted to; null for everyone
 * @param cohortControl units of control's cohort at the end of the block
 * @param cohortTreatment units of the treatment's cohort at the end of the block
 * @param newControl units that joined control's cohort in the block
 * @param newTreatment units that joined the treatment's cohort in the block
 * @param metrics one entry per metric judged
 * @param closedAt when the block ended
 * @param bothArms units of the rollout that saw several arms within one stratum so far; null in blocks written before this
 *     was noted
 */
public record Block(
        String project,
        String environment,
        String flag,
        int epoch,
        long seq,
        int allocation,
        String clause,
        int stage,
        String variant,
        @Nullable String segment,
        long cohortControl,
        long cohortTreatment,
        long newControl,
        long newTreatment,
        List<MetricCounts> metrics,
        Instant closedAt,
        @Nullable Long bothArms) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Block {
        new FlagRef(project, environment, flag);
        Require.positive(epoch, "epoch");
        Require.positive(seq, "seq");
        Require.positive(allocation, "allocation");
        Require.text(clause, "clause");
        Require.notNegative(stage, "stage");
        Require.name(variant, "variant");
        Require.notNegative(cohortControl, "cohortControl");
        Require.notNegative(cohortTreatment, "cohortTreatment");
        Require.notNegative(newControl, "newControl");
        Require.notNegative(newTreatment, "newTreatment");
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        Require.nonNull(closedAt, "closedAt");
        Require.notNegative(bothArms == null ? 0 : bothArms, "bothArms");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }
}
