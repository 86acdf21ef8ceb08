// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.time.Duration;

import dev.belay.contracts.Require;

/**
 * What an environment asks of a change of one of its flags.
 *
 * @param approvals how many others must have approved, 0 to 10; 0 for none
 * @param goodFor how long an approval counts
 */
public record Protection(int approvals, Duration goodFor) {
    /** Most approvals that can be asked for. */
    public static final int MOST = 10;

    /** @throws IllegalArgumentException if the number is out of range or the duration is not positive */
    public Protection {
        Require.that(approvals >= 0 && approvals <= MOST, "approvals", "must lie in [0, " + MOST + "]", approvals);
        Require.that(!goodFor.isNegative() && !goodFor.isZero(), "goodFor", "must be positive", goodFor);
    }

    /** Returns whether a change needs anybody but its author. */
    public boolean isAsked() {
        return approvals > 0;
    }
}
