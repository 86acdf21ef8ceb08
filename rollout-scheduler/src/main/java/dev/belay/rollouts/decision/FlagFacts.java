// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler needs to know of a flag's definition.
 *
 * @param foldedEpoch epoch of the rollout that became its default rule, 0 for none
 * @param targeting digest of its targeting part; null when the flag is not known
 */
public record FlagFacts(int foldedEpoch, @Nullable String targeting) {
    public static final FlagFacts UNKNOWN = new FlagFacts(0, null);

    /** @throws IllegalArgumentException if the epoch is negative */
    public FlagFacts {
        Require.notNegative(foldedEpoch, "foldedEpoch");
    }
}
