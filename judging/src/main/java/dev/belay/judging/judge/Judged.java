// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.Member;
import org.jspecify.annotations.Nullable;

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

    /** Begins to watch for a change, where that is possible; what is watched already goes on. */
    default void finish(List<StratumTotals> scope) {}

    /** Returns whether a change is watched for. */
    default boolean isFinished() {
        return false;
    }

    /** Returns what has changed since the last alarm; null for nothing. */
    default ChangeWatch.@Nullable Alarm takeAlarm(double logLimit) {
        return null;
    }

    /** Returns the logarithm of the present stage's evidence that the change is within the limit. */
    double logHealthy();
}
