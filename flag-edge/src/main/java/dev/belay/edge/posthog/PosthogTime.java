// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.edge.events.Refusal;
import dev.belay.edge.signals.SignalTime;
import org.jspecify.annotations.Nullable;

/**
 * When an event happened. As PostHog has it, only the distance between the event and its sending is taken from the client's
 * clock: {@code now - (sent_at - timestamp)}. Without {@code sent_at} the client's time counts as it is.
 */
final class PosthogTime {
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private PosthogTime() {}

    /**
     * @param sentAt when the request was sent, by the client's clock; null when it does not say
     * @param now the edge's time; no event is later
     * @throws Refusal if it is older than 7 days
     */
    static Instant of(JsonNode event, @Nullable Instant sentAt, Instant now) {
        JsonNode stated = event.path("timestamp");
        Instant timestamp = stated.isTextual() ? SignalTime.parse(stated.textValue()) : null;
        if (timestamp == null) {
            return SignalTime.clamped(now.minus(offset(event)), now, "timestamp");
        }
        boolean ignores = event.path("properties").path("$ignore_sent_at").asBoolean(false);
        Duration age =
                sentAt == null || ignores ? Duration.between(timestamp, now) : Duration.between(timestamp, sentAt);
        Refusal.unless(age.compareTo(LONGEST) < 0, "timestamp", "must not be older than 7 days", timestamp);
        return SignalTime.clamped(now.minus(age.isNegative() ? Duration.ZERO : age), now, "timestamp");
    }

    /** How long ago the event happened, where the client says only that. */
    private static Duration offset(JsonNode event) {
        JsonNode offset = event.path("offset");
        boolean sensible = offset.isNumber() && offset.doubleValue() > 0 && offset.doubleValue() < LONGEST.toMillis();
        return sensible ? Duration.ofMillis(offset.longValue()) : Duration.ZERO;
    }
}
