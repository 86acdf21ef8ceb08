// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import dev.belay.contracts.Require;

/**
 * One e-process of a guardrail.
 *
 * @param scope {@code rollout} or {@code stage:<index>}
 * @param weight its part of the error budget, 0 to 1
 * @param logHarm natural logarithm of its evidence of harm
 * @param logHarmSup greatest value so far
 * @param gateOpen whether the estimate is beyond the limit now
 */
public record MemberEvidence(String scope, double weight, double logHarm, double logHarmSup, boolean gateOpen) {
    /** @throws IllegalArgumentException if the weight is out of range or a number is not one */
    public MemberEvidence {
        Require.text(scope, "scope");
        Require.that(weight >= 0 && weight <= 1, "weight", "must lie in [0, 1]", weight);
        Require.that(!Double.isNaN(logHarm), "logHarm", "must be a number", logHarm);
        Require.that(!Double.isNaN(logHarmSup), "logHarmSup", "must be a number", logHarmSup);
    }
}
