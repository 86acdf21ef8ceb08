// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/**
 * Hours in which what can wait does.
 *
 * @param stretches one after the other, over each other, in any order
 */
public record QuietHours(List<Stretch> stretches) {
    /** So many stretches in a row at most; who has more silences a channel for ever. */
    private static final int LONGEST_CHAIN = 14;

    /**
     * Hours of a day, by the clock on the wall there.
     *
     * @param days on which they begin
     * @param from first moment
     * @param to first moment after them; on the next day when it is not after {@code from}
     * @param zone where the clock hangs
     */
    public record Stretch(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
        public Stretch {
            days = Set.copyOf(days);
        }

        /** Returns the end of these hours when they hold now, and now otherwise. */
        private Instant after(Instant now) {
            LocalDate today = now.atZone(zone).toLocalDate();
            Instant end = end(today, now);
            return end.isAfter(now) ? end : end(today.minusDays(1), now);
        }

        private Instant end(LocalDate day, Instant now) {
            if (!days.contains(day.getDayOfWeek())) {
                return now;
            }
            Instant begin = day.atTime(from).atZone(zone).toInstant();
            LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
            Instant end = last.atTime(to).atZone(zone).toInstant();
            return now.isBefore(begin) || !now.isBefore(end) ? now : end;
        }
    }

    public QuietHours {
        stretches = List.copyOf(stretches);
    }

    /** Returns when a message may be sent: now, or when the quiet is over. A rollback or a page is never late. */
    public Instant earliest(Severity severity, Instant now) {
        Instant at = now;
        for (int i = 0; i < LONGEST_CHAIN && severity.canWait(); i++) {
            Instant before = at;
            for (Stretch stretch : stretches) {
                at = stretch.after(at);
            }
            if (at.equals(before)) {
                break;
            }
        }
        return at;
    }
}
