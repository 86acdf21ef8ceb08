// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;

/**
 * When a unit's outcome is final, for the matured mode of delayed metrics (statistics.md §4.2): users enter a comparison when their
 * window is over and not before, so a treatment that only delays conversions is not called harm. The price is the wait.
 *
 * <p><b>How to feed it.</b> When the watermark passes {@link #maturesAt}, the unit joins the open block of its stratum once, with
 * its event if {@link #counts} says so; blocks go into a {@link RatioProcess} in BERNOULLI mode (or into {@link MeanProcess}
 * with its value). Both arms wait equally long, so maturing does not depend on outcomes.
 *
 * @param window how long after its exposure a unit's outcome still counts, above 0
 * @param grace how much later than it happened an outcome may arrive, not negative
 */
public record Maturity(Duration window, Duration grace) {

    /** @throws IllegalArgumentException if a duration is out of its range */
    public Maturity {
        requireNonNull(window, "window");
        requireNonNull(grace, "grace");
        if (window.isZero() || window.isNegative()) {
            throw new IllegalArgumentException("window must be above 0, was " + window);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
    }

    /** Returns when the unit's outcome is final. */
    public Instant maturesAt(Instant exposedAt) {
        return exposedAt.plus(window).plus(grace);
    }

    /** Says whether the unit's outcome is final once everything up to the watermark has arrived. */
    public boolean isMature(Instant exposedAt, Instant watermark) {
        return !watermark.isBefore(maturesAt(exposedAt));
    }

    /** Returns the latest exposure that is final at the watermark: everything up to it may be judged. */
    public Instant matureUntil(Instant watermark) {
        return watermark.minus(window).minus(grace);
    }

    /**
     * Says whether an outcome counts for the exposure: from the moment of exposure to the end of the window, both included.
     *
     * @param happenedAt when it happened, null when it did not
     */
    public boolean counts(Instant exposedAt, @Nullable Instant happenedAt) {
        return Optional.ofNullable(happenedAt)
                .filter(at -> !at.isBefore(exposedAt) && !at.isAfter(exposedAt.plus(window)))
                .isPresent();
    }
}
