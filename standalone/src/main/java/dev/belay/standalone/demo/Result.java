// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How a story ended, as {@code --json} writes it.
 *
 * @param scenario what was played
 * @param seed seed of the shoppers
 * @param outcome {@code rolled_back}, {@code completed} or {@code unfinished}
 * @param stage name of the last stage
 * @param guardrail guardrail that breached; null when none did
 * @param treatedUsers users who saw the treatment, compared or not, when it was decided
 * @param controlUsers users of the control arm it was compared with
 * @param estimate change relative to control, for instance -0.27; null when unknown
 * @param limit change that must not be crossed, for instance -0.2; null when unknown
 * @param logEvidence natural logarithm of the evidence of harm; null when unknown
 * @param evidenceToOffMillis milliseconds from the arrival of the record that completed the evidence to the last edge
 *     serving without the treatment; null when nothing was rolled back
 */
public record Result(
        String scenario,
        long seed,
        String outcome,
        @Nullable String stage,
        @Nullable String guardrail,
        long treatedUsers,
        long controlUsers,
        @Nullable Double estimate,
        @Nullable Double limit,
        @Nullable Double logEvidence,
        @Nullable Long evidenceToOffMillis) {
    static final String ROLLED_BACK = "rolled_back";
    static final String COMPLETED = "completed";
    static final String UNFINISHED = "unfinished";

    static Result rolledBack(
            Scenario scenario, long seed, @Nullable String stage, Rollback rollback, @Nullable Long evidenceToOff) {
        Verdict verdict = rollback.verdict();
        if (verdict == null) {
            return without(scenario, seed, ROLLED_BACK, stage);
        }
        Double ratio = verdict.estimate().ratio();
        return new Result(
                scenario.text(),
                seed,
                ROLLED_BACK,
                stage,
                verdict.guardrail(),
                verdict.treatedUnits(),
                verdict.control().exposed(),
                ratio == null ? null : ratio - 1,
                verdict.limit() == Guardrail.Limit.FALLS ? -verdict.threshold() : verdict.threshold(),
                verdict.logEvidence(),
                evidenceToOff);
    }

    static Result without(Scenario scenario, long seed, String outcome, @Nullable String stage) {
        return new Result(scenario.text(), seed, outcome, stage, null, 0, 0, null, null, null, null);
    }
}
