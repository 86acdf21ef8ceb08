// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Instant;
import java.util.Map;

import dev.belay.contracts.Require;

/**
 * One row of a recording: a unit was there, saw one of the variants, and converted or did not.
 *
 * @param unit id of the unit
 * @param at when
 * @param treated whether it saw the treatment; else control
 * @param converted whether it did what is measured, just after it saw the variant
 * @param dimensions values by the names of dimensions; a unit belongs to the segments its first visit names
 */
public record RecordedVisit(
        String unit, Instant at, boolean treated, boolean converted, Map<String, String> dimensions) {
    /** @throws IllegalArgumentException if a part is missing */
    public RecordedVisit {
        Require.text(unit, "unit");
        Require.nonNull(at, "at");
        dimensions = Map.copyOf(dimensions);
    }

    RecordedVisit withTreated(boolean other) {
        return other == treated ? this : new RecordedVisit(unit, at, other, converted, dimensions);
    }

    RecordedVisit withoutConversion() {
        return new RecordedVisit(unit, at, treated, false, dimensions);
    }
}
