// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;

/**
 * When a block ends. It depends on exposures and time, never on outcomes: that is what makes the evidence valid
 * (statistics.md §2). A block in which nothing new is known is not written down.
 *
 * @param earlyUnits new units that end a block while the rollout is young
 * @param youngBelow units up to which a rollout is young
 * @param units new units that end a block later
 * @param age time after which a block ends
 */
public record Pace(long earlyUnits, long youngBelow, long units, Duration age) {
    public static final Pace DEFAULT = new Pace(10, 500, 50, Duration.ofSeconds(60));

    public Pace withAge(Duration other) {
        return new Pace(earlyUnits, youngBelow, units, other);
    }

    /** Returns the fewest new units that can end a block. */
    long least() {
        return Math.min(earlyUnits, units);
    }

    long threshold(long unitsSoFar) {
        return unitsSoFar < youngBelow ? earlyUnits : units;
    }
}
