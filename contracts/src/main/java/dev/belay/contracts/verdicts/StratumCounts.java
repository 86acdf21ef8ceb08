// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import dev.belay.contracts.Require;

/**
 * A metric's exact counts in one stratum.
 *
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param control counts of control
 * @param treatment counts of the treatment
 */
public record StratumCounts(int allocation, String clause, Counts control, Counts treatment) {
    /** @throws IllegalArgumentException if a part is missing */
    public StratumCounts {
        Require.positive(allocation, "allocation");
        Require.text(clause, "clause");
        Require.nonNull(control, "control");
        Require.nonNull(treatment, "treatment");
    }
}
