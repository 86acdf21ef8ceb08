// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import dev.belay.contracts.Require;

/**
 * Units of one arm.
 *
 * @param exposed distinct units that saw the arm
 * @param events those of them that count for the metric
 */
public record Counts(long exposed, long events) {
    public static final Counts NONE = new Counts(0, 0);

    /** @throws IllegalArgumentException if a number is negative */
    public Counts {
        Require.notNegative(exposed, "exposed");
        Require.notNegative(events, "events");
    }

    public Counts plus(Counts other) {
        return new Counts(exposed + other.exposed, events + other.events);
    }
}
