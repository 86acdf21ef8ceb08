// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.verdicts.Verdict;

/**
 * A verdict and when it got here.
 *
 * @param verdict what the watcher said
 * @param arrivedAt when it arrived, by the database's clock
 */
public record Heard(Verdict verdict, Instant arrivedAt) {

    /** Returns whether it arrived no longer than {@code age} before {@code now}. */
    public boolean isFresh(Instant now, Duration age) {
        return !arrivedAt.isBefore(now.minus(age));
    }
}
