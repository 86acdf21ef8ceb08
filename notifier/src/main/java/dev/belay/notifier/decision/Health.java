// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a channel does.
 *
 * @param failures attempts in a row that did not get through
 * @param failingSince when the first of them was; null when there is none
 * @param downSince since when it counts as down, which others are told once; null when it does not
 */
public record Health(
        int failures,
        @Nullable Instant failingSince,
        @Nullable Instant downSince) {
    public static final Health GOOD = new Health(0, null, null);

    private static final int MANY = 3;
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Returns how it does after an attempt. A receiver that is busy, or minds the message, is alive. */
    public Health after(DeliveryOutcome.Fault fault, Instant now) {
        return switch (fault) {
            case NONE, MESSAGE -> GOOD;
            case BUSY -> this;
            case CHANNEL -> new Health(failures + 1, begin(now), downSince == null ? now : downSince);
            case PASSING -> {
                boolean isLong = failures + 1 >= MANY && !begin(now).plus(LONG).isAfter(now);
                yield new Health(failures + 1, begin(now), downSince == null && isLong ? now : downSince);
            }
        };
    }

    /** Returns whether others have to be told, compared with how it did before. */
    public boolean isNewlyDown(Health before) {
        return downSince != null && before.downSince == null;
    }

    private Instant begin(Instant now) {
        return failingSince == null ? now : failingSince;
    }
}
