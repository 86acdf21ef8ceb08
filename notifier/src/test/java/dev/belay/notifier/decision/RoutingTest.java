// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class RoutingTest {
    @Nested
    class OfAnInterest {
        private final Interest payments =
                new Interest(Medium.SLACK, Set.of("production"), Set.of("payments", "checkout"), Severity.WARNING);

        @Test
        void everythingItNamesHasToHold() {
            assertThat(covers(payments, Severity.ERROR, "production", "payments"))
                    .isTrue();
            assertThat(covers(payments, Severity.ERROR, "staging", "payments")).isFalse();
            assertThat(covers(payments, Severity.ERROR, "production", "search")).isFalse();
            assertThat(covers(payments, Severity.INFO, "production", "payments"))
                    .isFalse();
        }

        @Test
        void whatIsAboutNoFlagPassesAllButTheSeverity() {
            assertThat(payments.covers(Occasion.CHANNEL_DOWN, Severity.ERROR, null, List.of()))
                    .isTrue();
            assertThat(payments.covers(Occasion.TEST, Severity.INFO, null, List.of()))
                    .isTrue();
        }

        @ParameterizedTest
        @EnumSource(
                value = Occasion.class,
                names = {"STARTED", "ADVANCED", "PAUSED", "RESUMED", "ASKED", "COMPLETED", "CANCELLED"})
        void nobodyIsPagedForWhatGoesItsWay(Occasion occasion) {
            assertThat(new Interest(Medium.PAGERDUTY, Set.of(), Set.of(), Severity.INFO)
                            .covers(occasion, Severity.CRITICAL, "production", List.of()))
                    .isFalse();
        }

        private static boolean covers(Interest interest, Severity severity, String environment, String tag) {
            return interest.covers(Occasion.ROLLED_BACK, severity, environment, List.of(tag));
        }
    }

    @Nested
    class OfAStorm {
        @Test
        void fewMessagesAreEachTold() {
            assertThat(Folding.next(Medium.SLACK, due(4))).containsExactly(1L);
        }

        @Test
        void aThousandAlikeAreOne() {
            assertThat(Folding.next(Medium.SLACK, due(1_000))).hasSize(1_000);
        }

        @Test
        void onlyWhatIsAlikeIsFolded() {
            List<Folding.Due> mixed = List.of(
                    new Folding.Due(1, Occasion.ROLLED_BACK, true),
                    new Folding.Due(2, Occasion.STARTED, true),
                    new Folding.Due(3, Occasion.ROLLED_BACK, true),
                    new Folding.Due(4, Occasion.ROLLED_BACK, true),
                    new Folding.Due(5, Occasion.ROLLED_BACK, false),
                    new Folding.Due(6, Occasion.ROLLED_BACK, true),
                    new Folding.Due(7, Occasion.ROLLED_BACK, true));

            assertThat(Folding.next(Medium.SLACK_WEBHOOK, mixed)).containsExactly(1L, 3L, 4L, 6L, 7L);
        }

        @ParameterizedTest
        @EnumSource(
                value = Medium.class,
                names = {"PAGERDUTY", "WEBHOOK"})
        void programsGetEachOfThem(Medium medium) {
            assertThat(Folding.next(medium, due(1_000))).containsExactly(1L);
        }

        @Test
        void nothingDueIsNothing() {
            assertThat(Folding.next(Medium.SLACK, List.of())).isEmpty();
        }

        private static List<Folding.Due> due(int count) {
            return LongStream.rangeClosed(1, count)
                    .mapToObj(id -> new Folding.Due(id, Occasion.ROLLED_BACK, true))
                    .toList();
        }
    }

    @Nested
    class OfAChannelsHealth {
        @Test
        void aChannelThatRefusesIsDownAtOnceAndSaidOnce() {
            Health first = Health.GOOD.after(DeliveryOutcome.Fault.CHANNEL, NOON);
            Health second = first.after(DeliveryOutcome.Fault.CHANNEL, NOON.plusSeconds(9));

            assertThat(first.isNewlyDown(Health.GOOD)).isTrue();
            assertThat(second.isNewlyDown(first)).isFalse();
        }

        @Test
        void oneThatDoesNotAnswerIsDownAfterAMinute() {
            Health health = Health.GOOD;
            for (int second : List.of(0, 1, 3, 7, 15, 31)) {
                health = health.after(DeliveryOutcome.Fault.PASSING, NOON.plusSeconds(second));
                assertThat(health.downSince()).isNull();
            }
            Instant later = NOON.plus(Duration.ofSeconds(63));

            assertThat(health.after(DeliveryOutcome.Fault.PASSING, later).downSince())
                    .isEqualTo(later);
        }

        @Test
        void aBusyOneIsAliveAndASuccessHeals() {
            Health down = Health.GOOD.after(DeliveryOutcome.Fault.CHANNEL, NOON);

            assertThat(Health.GOOD.after(DeliveryOutcome.Fault.BUSY, NOON)).isEqualTo(Health.GOOD);
            assertThat(Health.GOOD.after(DeliveryOutcome.Fault.MESSAGE, NOON)).isEqualTo(Health.GOOD);
            assertThat(down.after(DeliveryOutcome.Fault.NONE, NOON)).isEqualTo(Health.GOOD);
        }
    }
}
