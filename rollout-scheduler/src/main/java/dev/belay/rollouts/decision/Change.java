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
 * @param terms what is agreed besides its plan
 * @param action name in the audit, for instance {@code rollout.advance}
 * @param by who made it happen
 * @param reason why, for people; the state's own reason says why it is in its status, and may be older
 */
public record Change(RolloutState state, Basis basis, Terms terms, String action, Actor by, String reason) {
    /** @throws IllegalArgumentException if a part is missing */
    public Change {
        Require.nonNull(state, "state");
        Require.nonNull(basis, "basis");
        Require.nonNull(terms, "terms");
        Require.text(action, "action");
        Require.nonNull(by, "by");
        Require.nonNull(reason, "reason");
    }

    /** A step whose reason is that of the status it leads to. */
    public Change(RolloutState state, Basis basis, Terms terms, String action, Actor by) {
        this(state, basis, terms, action, by, state.reason());
    }
}
