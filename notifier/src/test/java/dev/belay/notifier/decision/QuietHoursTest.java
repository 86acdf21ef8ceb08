// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class QuietHoursTest {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);
    private static final QuietHours NIGHTS =
            new QuietHours(List.of(new QuietHours.Stretch(DAILY, LocalTime.of(22, 0), LocalTime.of(7, 0), LONDON)));

    @ParameterizedTest
    @CsvSource({
        "2026-01-05T21:59:59Z, 2026-01-05T21:59:59Z",
        "2026-01-05T22:00:00Z, 2026-01-06T07:00:00Z",
        "2026-01-06T03:00:00Z, 2026-01-06T07:00:00Z",
        "2026-01-06T07:00:00Z, 2026-01-06T07:00:00Z",
        "2026-07-05T21:30:00Z, 2026-07-06T06:00:00Z",
        "2026-03-29T00:30:00Z, 2026-03-29T06:00:00Z"
    })
    void whatCanWaitWaitsOverMidnightAndByTheClockOnTheWall(Instant now, Instant earliest) {
        assertThat(NIGHTS.earliest(Severity.WARNING, now)).isEqualTo(earliest);
    }

    @ParameterizedTest
    @EnumSource(
            value = Severity.class,
            names = {"ERROR", "CRITICAL"})
    void aRollbackAndAPageNeverWait(Severity severity) {
        Instant night = Instant.parse("2026-01-06T03:00:00Z");

        assertThat(NIGHTS.earliest(severity, night)).isEqualTo(night);
    }

    @Test
    void stretchesThatMeetAreOneQuiet() {
        QuietHours weekend = new QuietHours(List.of(
                new QuietHours.Stretch(DAILY, LocalTime.of(22, 0), LocalTime.of(7, 0), LONDON),
                new QuietHours.Stretch(
                        EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                        LocalTime.of(6, 0),
                        LocalTime.of(23, 0),
                        LONDON)));

        assertThat(weekend.earliest(Severity.INFO, Instant.parse("2026-01-03T02:00:00Z")))
                .isEqualTo("2026-01-05T07:00:00Z");
    }

    @Test
    void quietForEverEndsAllTheSame() {
        QuietHours always = new QuietHours(List.of(
                new QuietHours.Stretch(DAILY, LocalTime.of(0, 0), LocalTime.of(12, 0), LONDON),
                new QuietHours.Stretch(DAILY, LocalTime.of(12, 0), LocalTime.of(0, 0), LONDON)));

        assertThat(always.earliest(Severity.INFO, Instant.parse("2026-01-03T02:00:00Z")))
                .isBefore("2026-02-03T02:00:00Z");
    }

    @Test
    void withoutQuietHoursNothingWaits() {
        Instant now = Instant.parse("2026-01-06T03:00:00Z");

        assertThat(new QuietHours(List.of()).earliest(Severity.INFO, now)).isEqualTo(now);
    }
}
