// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

/** Where a rollout is in its life. */
public enum RolloutStatus {
    /** Written, not asked for. Serves the definition. */
    DRAFT,
    /** A person must agree before it starts. Serves the definition. */
    AWAITING_APPROVAL,
    /** Starts at a time. Serves the definition. */
    SCHEDULED,
    /** Raises by itself when the gates allow it. */
    RUNNING,
    /** Serves its allocation, does not raise; guardrails stay armed. */
    PAUSED,
    /** Terminal. Treatment for everyone, until the definition says so itself. */
    COMPLETED,
    /** Terminal. Serves the definition. */
    ROLLED_BACK,
    /** Terminal. Serves the definition. */
    CANCELLED,
    /** Terminal, without a plan: a kill was lifted. Serves the definition. */
    RESTORED;

    /** Returns whether nothing leads out of it. */
    public boolean isTerminal() {
        return this == COMPLETED || this == ROLLED_BACK || this == CANCELLED || this == RESTORED;
    }

    /** Returns whether units are served by the rollout's allocation. */
    public boolean isLive() {
        return this == RUNNING || this == PAUSED;
    }
}
