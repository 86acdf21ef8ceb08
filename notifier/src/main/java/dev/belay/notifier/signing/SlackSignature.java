// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The signature of Slack's requests: {@code v0=} and the hex of HMAC-SHA-256 over {@code v0:timestamp:body}. */
public final class SlackSignature {
    private static final Duration TOLERANCE = Duration.ofSeconds(300);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private SlackSignature() {}

    /**
     * Returns whether a request is Slack's and fresh: not more than five minutes old, nor as much in the future.
     *
     * @param secret the app's signing secret
     * @param timestamp header {@code X-Slack-Request-Timestamp}; null when it is missing
     * @param signature header {@code X-Slack-Signature}; null when it is missing
     * @param body the bytes as they came
     */
    public static boolean isGood(
            String secret, @Nullable String timestamp, @Nullable String signature, byte[] body, Instant now) {
        if (timestamp == null
                || signature == null
                || !SECONDS.matcher(timestamp).matches()) {
            return false;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        return age.compareTo(TOLERANCE) <= 0
                && MessageDigest.isEqual(
                        of(secret, timestamp, body).getBytes(StandardCharsets.US_ASCII),
                        signature.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the signature of a body. */
    public static String of(String secret, String timestamp, byte[] body) {
        byte[] head = ("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8);
        return "v0=" + HexFormat.of().formatHex(Hmac.of(secret.getBytes(StandardCharsets.UTF_8), head, body));
    }
}
