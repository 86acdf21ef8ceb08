// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;

import dev.belay.contracts.Require;

/**
 * How patient the controller is before it tells people that a rollout cannot be raised.
 *
 * @param notJudgedAfter time without any verdict after which a rollout counts as not judged: three heartbeats of the watcher
 * @param holdAfter time for which something must be wrong before it is told, and right before it counts as healed
 */
public record HoldPolicy(Duration notJudgedAfter, Duration holdAfter) {
    private static final int INTERVALS = 3;

    /** @throws IllegalArgumentException if a duration is not positive */
    public HoldPolicy {
        Require.that(
                !notJudgedAfter.isNegative() && !notJudgedAfter.isZero(),
                "notJudgedAfter",
                "must be positive",
                notJudgedAfter);
        Require.that(!holdAfter.isNegative(), "holdAfter", "must not be negative", holdAfter);
    }

    /** Returns one heartbeat: the time for which a rollout must be judged again to count as judged. */
    Duration interval() {
        return notJudgedAfter.dividedBy(INTERVALS);
    }
}
