// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.StratumCounts;
import org.jspecify.annotations.Nullable;

/**
 * Where a guardrail stands for one treatment, over everyone or over one segment.
 *
 * @param guardrail the guardrail
 * @param segment {@code dimension=value}; null for everyone
 * @param control counts of control, over the compared strata
 * @param treatment counts of the treatment, over the compared strata
 * @param strata counts per compared stratum
 * @param estimate how large the change is over those
 * @param members its e-processes
 * @param logOwn logarithm of the weighted evidence of its own members, whatever their gates
 * @param logTotal logarithm of the weighted evidence of all guardrails whose gates are open, negative infinity for none
 * @param warned where one of its members is past the warning level: {@code ""} among everyone, else the segment; null for
 *     nowhere
 * @param logHealthy logarithm of the present stage's evidence that the change is within the limit
 */
public record Standing(
        Guardrail guardrail,
        @Nullable String segment,
        Counts control,
        Counts treatment,
        List<StratumCounts> strata,
        Estimate estimate,
        List<MemberEvidence> members,
        double logOwn,
        double logTotal,
        @Nullable String warned,
        double logHealthy) {
    /** Returns whether one of its members is past the warning level. */
    public boolean isWarning() {
        return warned != null;
    }

    /** Returns whether there is anything to compare. */
    public boolean isCompared() {
        return !strata.isEmpty() && treatment.exposed() > 0;
    }
}
