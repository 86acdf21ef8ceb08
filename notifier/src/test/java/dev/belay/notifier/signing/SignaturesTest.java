// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SignaturesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_531_420_618);

    /** The vector of Standard Webhooks' own libraries. */
    @Test
    void aWebhookIsSignedAsItsReferenceSays() {
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

        assertThat(WebhookSignature.of(
                        List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330),
                        body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void whileOneKeyReplacesTheOtherBothSign() {
        String first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String second = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        byte[] body = {1, 2, 3};

        assertThat(WebhookSignature.of(List.of(first, second), "msg_1", NOW, body))
                .isEqualTo(WebhookSignature.of(List.of(first), "msg_1", NOW, body) + " "
                        + WebhookSignature.of(List.of(second), "msg_1", NOW, body));
    }

    /** The example of Slack's documentation. */
    @Test
    void aRequestOfSlackIsSignedAsItsExampleSays() {
        byte[] body = ("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                        + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
                        + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
                        + "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
                .getBytes(StandardCharsets.UTF_8);
        String signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

        assertThat(SlackSignature.of("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body))
                .isEqualTo(signature);
        assertThat(SlackSignature.isGood("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", signature, body, NOW))
                .isTrue();
        assertThat(SlackSignature.isGood("another-secret-000000", "1531420618", signature, body, NOW))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-300, true", "-301, false", "0, true", "300, true", "301, false"})
    void fiveMinutesOnEitherSideAreTooMany(long seconds, boolean isGood) {
        byte[] body = {7};
        String timestamp = Long.toString(NOW.getEpochSecond() + seconds);
        String signature = SlackSignature.of("secret", timestamp, body);

        assertThat(SlackSignature.isGood("secret", timestamp, signature, body, NOW))
                .isEqualTo(isGood);
    }

    @Test
    void oneByteMakesTheDifference() {
        String timestamp = Long.toString(NOW.getEpochSecond());
        String signature = SlackSignature.of("secret", timestamp, new byte[] {7});

        assertThat(SlackSignature.isGood("secret", timestamp, signature, new byte[] {8}, NOW))
                .isFalse();
        assertThat(SlackSignature.isGood("secret", timestamp, null, new byte[] {7}, NOW))
                .isFalse();
        assertThat(SlackSignature.isGood("secret", timestamp, signature + "0", new byte[] {7}, NOW))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "-1531420618", "1531420618.5", "99999999999999999999", "１５３１４２０６１８"})
    void aTimestampOfAnotherFormIsRefused(String timestamp) {
        assertThat(SlackSignature.isGood(
                        "secret", timestamp, SlackSignature.of("secret", timestamp, new byte[0]), new byte[0], NOW))
                .isFalse();
        assertThat(SlackSignature.isGood("secret", null, "v0=", new byte[0], NOW))
                .isFalse();
    }
}
