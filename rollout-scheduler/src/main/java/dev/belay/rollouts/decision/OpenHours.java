// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.belay.contracts.rollouts.Window;

/**
 * When raises are allowed.
 *
 * @param windows none for always
 */
record OpenHours(List<Window> windows) {
    private static final int A_WEEK_AND_A_DAY = 8;

    boolean include(Instant now) {
        return windows.isEmpty() || windows.stream().anyMatch(window -> isInside(window, now));
    }

    /** Returns the first opening after {@code now}; empty when it is always open. */
    Optional<Instant> nextOpening(Instant now) {
        return windows.stream().flatMap(window -> openings(window, now)).min(Instant::compareTo);
    }

    private static boolean isInside(Window window, Instant now) {
        ZonedDateTime local = now.atZone(window.zone());
        LocalTime time = local.toLocalTime();
        return window.days().contains(local.getDayOfWeek())
                && !time.isBefore(window.from())
                && time.isBefore(window.to());
    }

    /** Where clocks go forward over it, it opens with the first moment after. */
    private static Instant opening(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).toInstant();
    }

    private static Stream<Instant> openings(Window window, Instant now) {
        return IntStream.range(0, A_WEEK_AND_A_DAY)
                .mapToObj(days -> now.atZone(window.zone()).toLocalDate().plusDays(days))
                .filter(day -> window.days().contains(day.getDayOfWeek()))
                .map(day -> opening(day.atTime(window.from()), window.zone()))
                .filter(opening -> opening.isAfter(now) && isInside(window, opening));
    }
}
