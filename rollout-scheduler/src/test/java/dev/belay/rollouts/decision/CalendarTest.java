// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Hours, days and freezes: what a calendar does to a rollout. */
class CalendarTest {
    private static final List<DayOfWeek> EVERY_DAY = List.of(DayOfWeek.values());
    private static final List<DayOfWeek> WORKDAYS =
            List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY);

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // The clocks of London go forward on 29 March 2026 at 01:00 UTC, and back on 25 October.
        "2026-03-27T09:00:00Z, true",
        "2026-03-27T08:59:59.999Z, false",
        "2026-03-30T08:00:00Z, true",
        "2026-03-30T07:59:59.999Z, false",
        "2026-03-30T15:59:59.999Z, true",
        "2026-03-30T16:00:00Z, false",
        "2026-10-26T08:00:00Z, false",
        "2026-10-26T09:00:00Z, true",
        // Month end, leap day, year end, weekends.
        "2027-12-31T16:59:59.999Z, true",
        "2028-02-29T09:00:00Z, true",
        "2028-02-29T17:00:00Z, false",
        "2026-01-31T12:00:00Z, false",
        "2026-02-01T12:00:00Z, false"
    })
    void workingHoursFollowTheClocksOfTheirPlace(Instant moment, boolean isOpen) {
        assertThat(hours(WORKDAYS, "09:00", "17:00", "Europe/London").include(moment))
                .isEqualTo(isOpen);
    }

    @Test
    void anHourThatDoesNotExistOpensWithTheNext() {
        OpenHours missing = hours(EVERY_DAY, "01:30", "01:45", "Europe/London");
        assertThat(missing.include(Instant.parse("2026-03-29T01:30:00Z"))).isFalse();
        OpenHours early = hours(EVERY_DAY, "01:30", "05:00", "Europe/London");
        assertThat(early.include(Instant.parse("2026-03-29T00:59:59Z"))).isFalse();
        assertThat(early.include(Instant.parse("2026-03-29T01:00:00Z"))).isTrue();
    }

    @Test
    void anHourThatComesTwiceIsOpenTwice() {
        OpenHours twice = hours(EVERY_DAY, "01:00", "02:00", "Europe/London");
        assertThat(twice.include(Instant.parse("2026-10-25T00:30:00Z"))).isTrue();
        assertThat(twice.include(Instant.parse("2026-10-25T01:30:00Z"))).isTrue();
        assertThat(twice.include(Instant.parse("2026-10-25T02:00:00Z"))).isFalse();
    }

    @Test
    void theLastSecondOfADayIsOneOfItsHours() {
        OpenHours last = hours(EVERY_DAY, "23:59:59", "23:59:59.999", "Asia/Kathmandu");
        assertThat(last.include(Instant.parse("2028-02-29T18:14:58.999Z"))).isFalse();
        assertThat(last.include(Instant.parse("2028-02-29T18:14:59Z"))).isTrue();
        assertThat(last.include(Instant.parse("2028-02-29T18:15:00Z"))).isFalse();
        assertThat(last.nextOpening(Instant.parse("2028-02-29T18:15:00Z")))
                .contains(Instant.parse("2028-03-01T18:14:59Z"));
    }

    @Test
    void theNextOpeningIsFoundAcrossAMonthAndAWeekend() {
        OpenHours hours = hours(WORKDAYS, "09:00", "17:00", "Europe/London");
        assertThat(hours.nextOpening(Instant.parse("2026-02-27T17:00:00Z")))
                .contains(Instant.parse("2026-03-02T09:00:00Z"));
        assertThat(hours.nextOpening(Instant.parse("2026-03-27T17:00:00Z")))
                .as("over the night the clocks change")
                .contains(Instant.parse("2026-03-30T08:00:00Z"));
        OpenHours mondays = hours(List.of(DayOfWeek.MONDAY), "09:00", "09:01", "UTC");
        assertThat(mondays.nextOpening(Instant.parse("2026-03-02T09:00:00Z")))
                .contains(Instant.parse("2026-03-09T09:00:00Z"));
    }

    @Test
    void afterADowntimeThereIsOneAdvanceAndItSaysHowLateItIs() {
        Situation canary = Given.running(Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN),
                Given.percent("quarter", 25, AdvanceMode.PROVEN),
                Given.percent("half", 50, AdvanceMode.PROVEN)));
        Instant due = Given.NOON.plus(Duration.ofMinutes(10));
        Instant back = due.plus(Duration.ofMinutes(20));
        Situation judged =
                canary.with(Given.heard(canary.rollout(), dev.belay.contracts.verdicts.Decision.HEALTHY, back));

        Decision decision = RolloutDecider.decide(judged, new RolloutEvent.Tick(back));
        Situation raised = Given.applied(judged, decision);
        Situation next = raised;
        for (int i = 0; i < 100; i++) {
            next = Given.after(next, new RolloutEvent.Tick(back.plusMillis(250L * i)));
        }

        assertThat(next.rollout().stage()).as("the next stage was not judged").isEqualTo(1);
        Moment moment =
                Moment.of(canary.rollout(), decision.changes().get(0), judged).get(0);
        assertThat(moment.what()).isEqualTo("raised");
        assertThat(moment.lateBy()).isEqualTo(Duration.ofMinutes(20));
        assertThat(moment.numbers()).singleElement().asString().startsWith("conversion of on, healthy");
    }

    @Test
    void aFreezeHoldsRaisesAndStartsAndNoRollback() {
        Situation canary = Given.running(Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN), Given.percent("half", 50, AdvanceMode.PROVEN)));
        Instant due = Given.NOON.plus(Duration.ofMinutes(10));
        Situation frozen = canary.with(
                        Given.heard(canary.rollout(), dev.belay.contracts.verdicts.Decision.HEALTHY, due))
                .with(Given.freeze());

        assertThat(Given.after(frozen, new RolloutEvent.Tick(due)).rollout().stage())
                .isZero();
        assertThat(Gate.of(frozen, frozen.rollout(), due).missing())
                .contains("frozen until 2026-03-03T12:00:00Z: sale");
        assertThat(Given.after(frozen, new RolloutEvent.Advance(Given.order(frozen, due), true))
                        .rollout()
                        .stage())
                .as("a person may pass over it, with a reason")
                .isEqualTo(1);
        assertThat(Given.after(
                                frozen,
                                new RolloutEvent.RollbackArrived(
                                        Given.rollback(1, dev.belay.contracts.rollbacks.RollbackTarget.ALL), due))
                        .rollout()
                        .status())
                .isEqualTo(RolloutStatus.ROLLED_BACK);

        Situation empty = Given.nothing().with(Given.freeze());
        assertThat(RolloutDecider.decide(empty, Given.start(Given.fourStages(), Given.NOON))
                        .refusal())
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("frozen"));
    }

    @Test
    void aScheduledStartWaitsForTheEndOfAFreeze() {
        Instant end = Given.freeze().until();
        Situation scheduled = Given.after(
                Given.nothing().with(Given.freeze()),
                new RolloutEvent.Start(
                        Given.fourStages(),
                        Given.NOON.plusSeconds(60),
                        RolloutEvent.Opening.PLAIN,
                        Given.ANN,
                        "tonight",
                        Given.NOON));
        assertThat(scheduled.rollout().status()).isEqualTo(RolloutStatus.SCHEDULED);
        assertThat(Given.after(scheduled, new RolloutEvent.Tick(end.minusMillis(1)))
                        .rollout()
                        .status())
                .isEqualTo(RolloutStatus.SCHEDULED);
        assertThat(Given.after(scheduled, new RolloutEvent.Tick(end)).rollout().status())
                .isEqualTo(RolloutStatus.RUNNING);
    }

    @Test
    void aPinHoldsWithoutAskingAnybody() {
        Situation canary = Given.running(Given.plan(
                Given.askAfter(Given.percent("canary", 5, AdvanceMode.PROVEN), Duration.ofHours(1)),
                Given.percent("half", 50, AdvanceMode.PROVEN)));
        Situation pinned = Given.after(canary, new RolloutEvent.Pin(Given.order(canary, Given.NOON), "canary"));
        Instant day = Given.NOON.plus(Duration.ofDays(1));
        Situation judged =
                pinned.with(Given.heard(pinned.rollout(), dev.belay.contracts.verdicts.Decision.HEALTHY, day));
        assertThat(RolloutDecider.decide(judged, new RolloutEvent.Tick(day)).changes())
                .isEmpty();
        Situation unpinned = Given.after(judged, new RolloutEvent.Pin(Given.order(judged, day), null));
        assertThat(Given.after(unpinned, new RolloutEvent.Tick(day)).rollout().stage())
                .isEqualTo(1);
    }

    private static OpenHours hours(List<DayOfWeek> days, String from, String to, String zone) {
        return new OpenHours(List.of(new Window(days, LocalTime.parse(from), LocalTime.parse(to), ZoneId.of(zone))));
    }
}
