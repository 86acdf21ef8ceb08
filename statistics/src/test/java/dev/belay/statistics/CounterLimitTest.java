// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.time.Instant;

import dev.belay.statistics.CounterLimit.Side;
import dev.belay.statistics.CounterLimit.Standing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CounterLimitTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final CounterLimit AT_MOST_FIFTY =
            new CounterLimit(Side.ABOVE, 50, Duration.ofMinutes(5), Duration.ofSeconds(30));
    private static final CounterLimit AT_LEAST_TEN =
            new CounterLimit(Side.BELOW, 10, Duration.ofMinutes(5), Duration.ofSeconds(30));

    @Test
    void breaksWithTheFirstEventTooManyAndNotBefore() {
        CounterWindow fifty = AT_MOST_FIFTY.start().with(NOON.plusSeconds(250), 50);

        assertThat(standing(AT_MOST_FIFTY, fifty, NOON.plusSeconds(251))).isNotEqualTo(Standing.BROKEN);
        assertThat(standing(AT_MOST_FIFTY, fifty.with(NOON.plusSeconds(10), 1), NOON.plusSeconds(251)))
                .isEqualTo(Standing.BROKEN);
    }

    @Test
    void countsEventsOfOneWindowOnly() {
        CounterWindow apart = AT_MOST_FIFTY.start().with(NOON, 50).with(NOON.plusSeconds(305), 50);
        CounterWindow together = AT_MOST_FIFTY.start().with(NOON, 26).with(NOON.plusSeconds(290), 25);

        assertThat(standing(AT_MOST_FIFTY, apart, NOON.plusSeconds(700))).isEqualTo(Standing.WITHIN);
        assertThat(standing(AT_MOST_FIFTY, together, NOON.plusSeconds(700))).isEqualTo(Standing.BROKEN);
    }

    @Test
    void countsALateEventWhereItHappened() {
        CounterWindow onTime = AT_MOST_FIFTY.start().with(NOON.plusSeconds(100), 51);
        CounterWindow late = AT_MOST_FIFTY
                .start()
                .with(NOON.plusSeconds(400), 1)
                .with(NOON.plusSeconds(100), 25)
                .plus(AT_MOST_FIFTY.start().with(NOON.plusSeconds(100), 26));

        CounterLimit.Reading first = read(AT_MOST_FIFTY, onTime, NOON.plusSeconds(400));
        CounterLimit.Reading second = read(AT_MOST_FIFTY, late, NOON.plusSeconds(400));

        assertThat(second).isEqualTo(first);
        assertThat(second.count()).isEqualTo(51);
        assertThat(NOON.plusSeconds(100)).isBetween(second.from(), second.until());
    }

    @Test
    void waitsForTheGraceBeforeTooFewIsTooFew() {
        CounterWindow few = AT_LEAST_TEN.start().with(NOON.plusSeconds(120), 9);

        assertThat(standing(AT_LEAST_TEN, few, NOON.plusSeconds(329))).isEqualTo(Standing.UNKNOWN);
        assertThat(standing(AT_LEAST_TEN, few, NOON.plusSeconds(330))).isEqualTo(Standing.BROKEN);
        assertThat(standing(AT_LEAST_TEN, few.with(NOON.plusSeconds(299), 1), NOON.plusSeconds(330)))
                .isEqualTo(Standing.WITHIN);
    }

    @Test
    void isNeverHealthyWithoutExposures() {
        CounterWindow none = AT_MOST_FIFTY.start();

        for (CounterLimit limit : new CounterLimit[] {AT_MOST_FIFTY, AT_LEAST_TEN}) {
            assertThat(limit.read(none, none, NOON, NOON.plusSeconds(3_600)).standing())
                    .isEqualTo(Standing.UNKNOWN);
        }
        CounterWindow many = none.with(NOON, 51);
        assertThat(AT_MOST_FIFTY.read(many, none, NOON, NOON.plusSeconds(1)).standing())
                .isEqualTo(Standing.BROKEN);
    }

    @Test
    void readsTheSameAfterPruning() {
        CounterWindow events = AT_MOST_FIFTY.start();
        for (int second = 0; second < 7_200; second += 10) {
            events = events.with(NOON.plusSeconds(second), 2);
            Instant watermark = NOON.plusSeconds(second);
            CounterWindow pruned = AT_MOST_FIFTY.prune(events, watermark);
            assertThat(pruned.counts().size()).isLessThan(150);
            events = pruned;
        }

        assertThat(standing(AT_MOST_FIFTY, events, NOON.plusSeconds(7_200))).isEqualTo(Standing.BROKEN);
    }

    @Test
    void refusesAWindowThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CounterLimit(Side.ABOVE, 50, Duration.ZERO, Duration.ZERO))
                .withMessage("window must be at least PT1S, was PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CounterLimit(Side.ABOVE, -1, Duration.ofMinutes(1), Duration.ZERO))
                .withMessage("limit must be finite and not negative, was -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AT_MOST_FIFTY.start().with(NOON, -1))
                .withMessage("count must not be negative, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AT_MOST_FIFTY
                        .start()
                        .plus(new CounterLimit(Side.ABOVE, 1, Duration.ofHours(1), Duration.ZERO).start()))
                .withMessage("slot must be PT5S to be added, was PT1M");
    }

    private static Standing standing(CounterLimit limit, CounterWindow events, Instant watermark) {
        return read(limit, events, watermark).standing();
    }

    /** Somebody is exposed every minute. */
    private static CounterLimit.Reading read(CounterLimit limit, CounterWindow events, Instant watermark) {
        CounterWindow exposures = limit.start();
        for (int minute = 0; minute < 120; minute++) {
            exposures = exposures.with(NOON.plusSeconds(60L * minute), 1);
        }
        return limit.read(events, exposures, NOON, watermark);
    }
}
