// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import dev.belay.contracts.Require;

/**
 * When raises are allowed. Rollbacks are always allowed.
 *
 * @param days days of the week, at least one
 * @param from first moment, local time
 * @param to first moment after it, local time; after {@code from}
 * @param zone time zone
 */
public record Window(List<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    /** @throws IllegalArgumentException if a part is missing or the window is empty */
    public Window {
        days = List.copyOf(Require.notEmpty(days, "only.days"));
        Require.nonNull(from, "only.from");
        Require.nonNull(to, "only.to");
        Require.that(from.isBefore(to), "only.to", "must be after from " + from, to);
        Require.nonNull(zone, "only.zone");
    }
}
