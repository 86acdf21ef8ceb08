// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;

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

        assertThat(outcome).isEqualTo(DeliveryOutcome.failed("the receiver answered " + status + " no_service"));
    }

    @Test
    void anAddressThatMustNotBeUsedIsNotTriedAgain() {
        assertThat(after(new Answer.Refused("private"), 1, NOON)).isEqualTo(DeliveryOutcome.failed("private"));
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
        assertThat(after(LOST, 3, yesterday.plusSeconds(3)))
                .isEqualTo(DeliveryOutcome.failed("no answer: ConnectException; given up after 24 h"));
    }

    private static DeliveryOutcome after(Answer answer, int attempts, Instant createdAt) {
        return DeliveryDecider.after(answer, attempts, createdAt, NOON);
    }

    private static Answer answered(int status, Duration retryAfter) {
        return new Answer.Answered(status, "no_service", retryAfter);
    }
}
