// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.belay.notifier.decision.Occasion;
import org.jspecify.annotations.Nullable;

/**
 * A notice as an event of PagerDuty's Events API v2. All events of an incident have one key, so that it is one incident
 * there too.
 *
 * @param routingKey integration key: a secret
 * @param eventAction what to do with the incident
 * @param dedupKey the incident, at most 255 characters
 * @param payload what it is about; null for an end, which needs none
 * @param links pages with more
 * @param client who says it
 */
public record PagerDutyEvent(
        @JsonProperty("routing_key") String routingKey,
        @JsonProperty("event_action") Action eventAction,
        @JsonProperty("dedup_key") String dedupKey,
        @Nullable Payload payload,
        List<Page> links,
        String client) {
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_SUMMARY = 1024;
    private static final int LONGEST_DETAIL = 4000;
    private static final int HASH_BASE = 36;

    /** What to do with an incident. */
    public enum Action {
        TRIGGER,
        ACKNOWLEDGE,
        RESOLVE;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What an incident is about.
     *
     * @param summary at most 1024 characters
     * @param source where it happened
     * @param severity {@code critical}, {@code error}, {@code warning} or {@code info}
     * @param timestamp when
     * @param component the flag
     * @param group project and environment
     * @param kind what happened
     * @param details the rest, line by line and by name
     */
    public record Payload(
            String summary,
            String source,
            String severity,
            Instant timestamp,
            @Nullable String component,
            String group,
            @JsonProperty("class") String kind,
            @JsonProperty("custom_details") Map<String, String> details) {}

    /**
     * A page with more.
     *
     * @param href where it leads
     * @param text what it says
     */
    public record Page(URI href, String text) {}

    @Override
    public String toString() {
        return "PagerDutyEvent[" + eventAction + ", " + dedupKey + "]";
    }

    /**
     * Returns the event for a notice.
     *
     * @param subject what the notice is about: the id of its incident
     */
    public static PagerDutyEvent of(Notice notice, String subject, String routingKey) {
        Action action = action(notice.occasion());
        return new PagerDutyEvent(
                routingKey,
                action,
                key(subject),
                action == Action.TRIGGER ? payload(notice) : null,
                notice.links().stream()
                        .map(link -> new Page(link.url(), link.title()))
                        .toList(),
                "Belay");
    }

    /** A late confirmation tells the same incident again: whether it is over is for a person to say. */
    private static Action action(Occasion occasion) {
        return switch (occasion) {
            case ACKNOWLEDGED -> Action.ACKNOWLEDGE;
            case RESOLVED, HEALED -> Action.RESOLVE;
            case AWAITING_APPROVAL,
                    STARTED,
                    ADVANCED,
                    PAUSED,
                    RESUMED,
                    ASKED,
                    COMPLETED,
                    CANCELLED,
                    ROLLED_BACK,
                    UNCONFIRMED,
                    CONFIRMED_LATE,
                    HELD,
                    CHANNEL_DOWN,
                    TEST -> Action.TRIGGER;
        };
    }

    private static Payload payload(Notice notice) {
        Map<String, String> details = new LinkedHashMap<>();
        List<String> lines = notice.lines();
        for (int i = 0; i < lines.size(); i++) {
            details.put(
                    i < notice.story().size()
                            ? "What " + (i + 1)
                            : "Where " + (i + 1 - notice.story().size()),
                    Mrkdwn.cut(lines.get(i), LONGEST_DETAIL));
        }
        notice.figures().forEach(figure -> details.put(figure.name(), figure.value()));
        Notice.About about = notice.about();
        String environment = about.environment();
        String place = environment == null ? about.project() : about.project() + "/" + environment;
        return new Payload(
                Mrkdwn.cut(notice.summary(), LONGEST_SUMMARY),
                "belay: " + place,
                notice.severity().name().toLowerCase(Locale.ROOT),
                notice.at(),
                about.flag(),
                place,
                notice.occasion().name().toLowerCase(Locale.ROOT),
                details);
    }

    /** What is too long ends in what makes it differ from others that begin alike. */
    static String key(String subject) {
        if (subject.length() <= LONGEST_KEY) {
            return subject;
        }
        long hash = 1125899906842597L;
        for (byte each : subject.getBytes(StandardCharsets.UTF_8)) {
            hash = 31 * hash + each;
        }
        String end = "~" + Long.toUnsignedString(hash, HASH_BASE);
        return subject.substring(0, LONGEST_KEY - end.length()) + end;
    }
}
