// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import dev.belay.contracts.Require;

/**
 * A completed rollout became the flag's default rule.
 *
 * @param epoch epoch of that rollout, at least 1
 * @param before the default rule that stood before; served where a rollback of this epoch says so
 */
public record Fold(int epoch, Serve before) {
    /** @throws IllegalArgumentException if the epoch is not positive or the rule is missing */
    public Fold {
        Require.positive(epoch, "fold.epoch");
        Require.nonNull(before, "fold.before");
    }
}
