// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.Member;

/** A guardrail of one treatment and scope, whatever it compares. */
interface Judged {
    /** A member with its scope, for people. */
    record Scoped(String scope, boolean ofStage, Member member) {}

    Guardrail guardrail();

    /** Starts the processes of a stage after the first. */
    void enterStage();

    /** Takes in its metric's part of a block. */
    void apply(MetricCounts counts, boolean inStage);

    /**
     * Returns the members as they stand.
     *
     * @param all all strata
     * @param ofStage the present stage's strata
     * @param present number of the present stage, from 1
     */
    List<Scoped> members(List<StratumTotals> all, List<StratumTotals> ofStage, int present);

    /** Returns how large the change is over these strata. */
    Estimate estimate(List<StratumTotals> scope);

    /** Returns the logarithm of the present stage's evidence that the change is within the limit. */
    double logHealthy();
}
