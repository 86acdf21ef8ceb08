// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class DeliveryDeciderTest {
    private static final Answer LOST = new Answer.Unreachable("no answer: ConnectException");

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 299})
    void aSuccessIsTheEnd(int status) {
        assertThat(after(answered(status, null), 1, NOON)).isEqualTo(DeliveryOutcome.delivered());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 400, 403, 404, 410})
    void whatTheReceiverRefusesIsNotTriedAgain(int status) {
        DeliveryOutcome outcome = after(answered(status, null), 1, NOON);

        assertThat(outcome.status()).isEqualTo(DeliveryOutcome.Status.FAILED);
        assertThat(outcome.reason()).isEqualTo("the receiver answered " + status + " no_service");
    }

    @Test
    void anAddressThatMustNotBeUsedIsNotTriedAgain() {
        assertThat(after(new Answer.Refused("private"), 1, NOON))
                .isEqualTo(DeliveryOutcome.failed("private", DeliveryOutcome.Fault.CHANNEL));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void whatMayPassIsTriedAgain(int status) {
        assertThat(after(answered(status, null), 1, NOON).dueAt()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void theReceiverSaysHowLongToWait() {
        assertThat(after(answered(429, Duration.ofSeconds(30)), 1, NOON).dueAt())
                .isEqualTo(NOON.plusSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "10, 512", "11, 600", "60, 600"})
    void waitsTwiceAsLongEachTimeUpToTenMinutes(int attempts, long seconds) {
        assertThat(after(LOST, attempts, NOON).dueAt()).isEqualTo(NOON.plusSeconds(seconds));
    }

    @Test
    void givesUpAfterADay() {
        Instant yesterday = NOON.minus(Duration.ofHours(24));

        assertThat(after(LOST, 3, yesterday.plusSeconds(4)).status()).isEqualTo(DeliveryOutcome.Status.WAITING);
        assertThat(after(LOST, 3, yesterday.plusSeconds(3)).reason())
                .isEqualTo("no answer: ConnectException; given up after 24 h");
    }

    @ParameterizedTest
    @CsvSource({
        "400, MESSAGE",
        "401, CHANNEL",
        "403, CHANNEL",
        "404, CHANNEL",
        "410, CHANNEL",
        "413, MESSAGE",
        "422, MESSAGE",
        "429, BUSY",
        "500, PASSING",
        "302, CHANNEL"
    })
    void knowsWhoseFaultItWas(int status, DeliveryOutcome.Fault fault) {
        assertThat(after(answered(status, null), 1, NOON).fault()).isEqualTo(fault);
    }

    @Test
    void aReasonIsCutHoweverMuchTheReceiverSays() {
        Answer endless = new Answer.Answered(400, "x".repeat(60_000), null);

        assertThat(after(endless, 1, NOON).reason()).hasSizeLessThan(400);
    }

    @Nested
    class OfSlacksBot {
        @Test
        void onlyOkIsASuccess() {
            assertThat(said("{\"ok\":true,\"ts\":\"1.2\"}")).isEqualTo(DeliveryOutcome.delivered());
        }

        @ParameterizedTest
        @CsvSource({
            "channel_not_found, CHANNEL",
            "invalid_auth, CHANNEL",
            "is_archived, CHANNEL",
            "token_revoked, CHANNEL",
            "invalid_blocks, MESSAGE",
            "msg_blocks_too_long, MESSAGE"
        })
        void whatItRefusesInATwoHundredIsNotTriedAgain(String error, DeliveryOutcome.Fault fault) {
            assertThat(said("{\"ok\":false,\"error\":\"" + error + "\"}"))
                    .isEqualTo(DeliveryOutcome.failed("Slack answered " + error, fault));
        }

        @ParameterizedTest
        @CsvSource({"ratelimited, BUSY", "internal_error, PASSING", "service_unavailable, PASSING"})
        void whatPassesIsTriedAgain(String error, DeliveryOutcome.Fault fault) {
            DeliveryOutcome outcome = said("{\"ok\":false,\"error\":\"" + error + "\"}");

            assertThat(outcome.status()).isEqualTo(DeliveryOutcome.Status.WAITING);
            assertThat(outcome.fault()).isEqualTo(fault);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "<html>", "{\"ok\":\"maybe\"}", "[]", "null", "{\"ok\":false}"})
        void whatIsNotItsFormIsNoSuccess(String text) {
            assertThat(said(text).status()).isEqualTo(DeliveryOutcome.Status.WAITING);
        }

        private static DeliveryOutcome said(String text) {
            return DeliveryDecider.after(Medium.SLACK, new Answer.Answered(200, text, null), attempt(1, NOON, 1));
        }
    }

    @Nested
    class OfAWebhook {
        @Test
        void followsTheScheduleOfStandardWebhooksWithATenthOfChance() {
            List<Duration> schedule = List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24));

            for (int number = 1; number <= schedule.size(); number++) {
                Duration planned = schedule.get(number - 1);
                for (long seed = -3; seed < 20; seed++) {
                    Instant dueAt = answered(500, null, attempt(number, NOON.minus(Duration.ofDays(3)), seed))
                            .dueAt();
                    assertThat(Duration.between(NOON, dueAt)).isBetween(planned, planned.plus(planned.dividedBy(10)));
                }
            }
        }

        @Test
        void isGivenUpWhenTheScheduleIsOver() {
            assertThat(answered(500, null, attempt(10, NOON, 1)))
                    .isEqualTo(DeliveryOutcome.failed(
                            "the receiver answered 500 no_service; given up after 10 attempts",
                            DeliveryOutcome.Fault.PASSING));
        }

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 400, 401, 404, 500})
        void anythingButASuccessIsTriedAgain(int status) {
            assertThat(answered(status, null, attempt(1, NOON, 1)).status()).isEqualTo(DeliveryOutcome.Status.WAITING);
        }

        @Test
        void goneDisables() {
            assertThat(answered(410, null, attempt(1, NOON, 1)).isGone()).isTrue();
            assertThat(answered(404, null, attempt(1, NOON, 1)).isGone()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(ints = {429, 502, 504})
        void aBusyReceiverSlowsEverythingDown(int status) {
            DeliveryOutcome outcome = answered(status, Duration.ofSeconds(90), attempt(1, NOON, 1));

            assertThat(outcome.fault()).isEqualTo(DeliveryOutcome.Fault.BUSY);
            assertThat(outcome.dueAt()).isEqualTo(NOON.plusSeconds(90));
        }

        private static DeliveryOutcome answered(int status, Duration retryAfter, DeliveryDecider.Attempt attempt) {
            return DeliveryDecider.after(
                    Medium.WEBHOOK, new Answer.Answered(status, "no_service", retryAfter), attempt);
        }
    }

    private static DeliveryDecider.Attempt attempt(int number, Instant createdAt, long seed) {
        return new DeliveryDecider.Attempt(number, createdAt, NOON, seed);
    }

    private static DeliveryOutcome after(Answer answer, int attempts, Instant createdAt) {
        return DeliveryDecider.after(Medium.PAGERDUTY, answer, attempt(attempts, createdAt, 7));
    }

    private static Answer answered(int status, Duration retryAfter) {
        return new Answer.Answered(status, "no_service", retryAfter);
    }
}
