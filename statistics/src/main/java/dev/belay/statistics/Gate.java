// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * The effect-size gate of a member: evidence counts towards a breach only while the estimate is at or beyond it.
 *
 * <p>Every member has a gate of its own, fed with the strata of its own scope.
 *
 * @param direction harmful direction
 * @param change relative change that opens the gate, as a fraction; DROP (0, 1), RISE above 0
 */
public record Gate(Direction direction, double change) {

    /** @throws IllegalArgumentException if the change is out of its range */
    public Gate {
        requireNonNull(direction, "direction");
        direction.requireThreshold("change", change);
    }

    /**
     * Says whether the estimate is at or beyond the gate.
     *
     * <p>While the ratio is undefined for want of control events, a DROP is closed and a RISE is open as soon as treatment
     * has an event that could be compared.
     */
    public boolean isOpen(MantelHaenszel estimate) {
        if (estimate.ratio().isEmpty()) {
            return direction == Direction.RISE && estimate.treatmentEvents() > 0;
        }
        return isOpen(estimate.ratio().getAsDouble());
    }

    /** Says whether a ratio that is known is at or beyond the gate. */
    boolean isOpen(double ratio) {
        return switch (direction) {
            case DROP -> ratio <= direction.ratioAt(change);
            case RISE -> ratio >= direction.ratioAt(change);
        };
    }
}
