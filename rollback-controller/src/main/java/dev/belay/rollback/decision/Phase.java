// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Whether something is wrong, and since when it is so without a break.
 *
 * @param isWrong whether it is wrong
 * @param since since when, as seen by this process
 */
public record Phase(boolean isWrong, Instant since) {
    /** Returns the phase after another look; the same while nothing changes. */
    static Phase after(@Nullable Phase before, boolean isWrong, Instant now) {
        return before != null && before.isWrong == isWrong ? before : new Phase(isWrong, now);
    }
}
