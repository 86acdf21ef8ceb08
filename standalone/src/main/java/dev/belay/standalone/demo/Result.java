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
 * @param segment {@code dimension=value} that the breach named and that alone was taken back; null when everyone was, or
 *     nobody
 * @param target what was taken out: {@code all} or {@code segment:dimension=value}; null when nothing was
 * @param treatedUsers users who saw the treatment, compared or not, when it was decided
 * @param controlUsers users of the control arm it was compared with; of a segment, those of the segment
 * @param estimate change relative to control, for instance -0.27; of a segment, the segment's; null when unknown
 * @param limit change that must not be crossed, for instance -0.2; null when unknown
 * @param logEvidence natural logarithm of the evidence of harm; null when unknown
 * @param evidenceToOffMillis milliseconds from the arrival of the record that completed the evidence to the last edge
 *     serving without the treatment; null when nothing was rolled back
 * @param everyone change of everyone together relative to control at the end, where segments are watched; null otherwise
 */
public record Result(
        String scenario,
        long seed,
        String outcome,
        @Nullable String stage,
        @Nullable String guardrail,
        @Nullable String segment,
        @Nullable String target,
        long treatedUsers,
        long controlUsers,
        @Nullable Double estimate,
        @Nullable Double limit,
        @Nullable Double logEvidence,
        @Nullable Long evidenceToOffMillis,
        @Nullable Double everyone) {
    static final String ROLLED_BACK = "rolled_back";
    static final String COMPLETED = "completed";
    static final String UNFINISHED = "unfinished";

    /**
     * The result of a story in which something was taken out.
     *
     * @param outcome how it ended
     */
    static Result takenOut(
            Scenario scenario,
            long seed,
            String outcome,
            @Nullable String stage,
            Rollback rollback,
            @Nullable Long evidenceToOff) {
        Verdict verdict = rollback.verdict();
        if (verdict == null) {
            return without(scenario, seed, outcome, stage);
        }
        Double ratio = verdict.estimate().ratio();
        return new Result(
                scenario.text(),
                seed,
                outcome,
                stage,
                verdict.guardrail(),
                verdict.segment(),
                rollback.target().text(),
                verdict.treatedUnits(),
                verdict.control().exposed(),
                ratio == null ? null : ratio - 1,
                verdict.limit() == Guardrail.Limit.FALLS ? -verdict.threshold() : verdict.threshold(),
                verdict.logEvidence(),
                evidenceToOff,
                null);
    }

    static Result without(Scenario scenario, long seed, String outcome, @Nullable String stage) {
        return new Result(scenario.text(), seed, outcome, stage, null, null, null, 0, 0, null, null, null, null, null);
    }

    /** Returns this result with the change of everyone together. */
    Result withEveryone(@Nullable Double change) {
        return new Result(
                scenario,
                seed,
                outcome,
                stage,
                guardrail,
                segment,
                target,
                treatedUsers,
                controlUsers,
                estimate,
                limit,
                logEvidence,
                evidenceToOffMillis,
                change);
    }
}
