// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.RolloutState;

/**
 * One step of a rollout: saved, published and audited together.
 *
 * @param state the rollout after it
 * @param basis what its allocation rests on
 * @param action name in the audit, for instance {@code rollout.advance}
 * @param by who made it happen
 */
public record Change(RolloutState state, Basis basis, String action, Actor by) {
    /** @throws IllegalArgumentException if a part is missing */
    public Change {
        Require.nonNull(state, "state");
        Require.nonNull(basis, "basis");
        Require.text(action, "action");
        Require.nonNull(by, "by");
    }
}
