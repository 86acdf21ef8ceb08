// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.OptionalLong;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Planner;

/** What it would still cost to prove a guardrail healthy. */
final class CostOfProof {
    private CostOfProof() {}

    /**
     * Returns about how many more treated users it takes in the present stage, if the metric has not changed at all.
     *
     * @param beta probability of calling harm at the limit healthy
     * @return empty when there is too little data to say, or nothing to compare with
     */
    static OptionalLong treatedUsers(Verdict verdict, double beta) {
        Counts control = verdict.control();
        long compared = verdict.stageControl() + verdict.stageTreatment();
        boolean isRelative = verdict.limit() == Guardrail.Limit.FALLS || verdict.limit() == Guardrail.Limit.RISES;
        boolean hasRate = control.events() > 0 && control.events() < control.exposed();
        boolean hasBothArms = verdict.stageControl() > 0 && verdict.stageTreatment() > 0;
        if (!isRelative || !hasRate || !hasBothArms) {
            return OptionalLong.empty();
        }
        double rate = (double) control.events() / control.exposed();
        double share = (double) verdict.stageTreatment() / compared;
        Direction direction = verdict.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        double units = new Planner(rate, share).unitsToHealthy(direction, verdict.threshold(), beta);
        return OptionalLong.of(Math.max(0, (long) Math.ceil(units) - verdict.stageTreatment()));
    }
}
