// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The signature of Standard Webhooks 1.0: {@code v1,} and the base64 of HMAC-SHA-256 over {@code id.timestamp.body}. */
public final class WebhookSignature {
    private static final String PREFIX = "whsec_";

    private WebhookSignature() {}

    /**
     * Returns the signatures by every key, with spaces between: who still has the old key and who has the new one both
     * find theirs.
     *
     * @param keys each {@code whsec_} and base64
     * @param id of the message, the same for every attempt
     * @param at time of the attempt
     * @param body exactly the bytes that are sent
     */
    public static String of(List<String> keys, String id, Instant at, byte[] body) {
        byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        return keys.stream()
                .map(key -> Base64.getDecoder().decode(key.substring(PREFIX.length())))
                .map(key -> "v1," + Base64.getEncoder().encodeToString(Hmac.of(key, head, body)))
                .collect(Collectors.joining(" "));
    }
}
