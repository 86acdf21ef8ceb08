// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message is tried again: what may pass is; what is the message's or the channel's own fault is not.
 *
 * <p>People are told within a day or not at all. A program is told by the schedule of Standard Webhooks 1.0, for more than
 * three days.
 */
public final class DeliveryDecider {
    static final String GONE = "the receiver answered 410: the channel is disabled until it is written again";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Duration GIVE_UP_AFTER = Duration.ofHours(24);
    private static final int LONGEST_SHIFT = 20;
    private static final int LONGEST_REASON = 300;
    private static final int SUCCESS = 200;
    private static final int REDIRECTION = 300;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int TIMEOUT = 408;
    private static final int GONE_STATUS = 410;
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;
    private static final double JITTER = 0.1;

    /** Pauses before the second and each further attempt of a webhook. */
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** Errors in a 200 of Slack's that pass. */
    private static final Set<String> PASSING =
            Set.of("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org");

    private static final Set<String> BUSY = Set.of("ratelimited", "rate_limited", "message_limit_exceeded");

    /** Errors in a 200 of Slack's that are the message's own. */
    private static final Set<String> ABOUT_THE_MESSAGE = Set.of(
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_arguments",
            "msg_blocks_too_long",
            "msg_too_long",
            "no_text",
            "message_not_found",
            "cant_update_message",
            "edit_window_closed");

    private DeliveryDecider() {}

    /**
     * An attempt.
     *
     * @param number of this one, from 1
     * @param createdAt when there was something to tell
     * @param now when the attempt ended
     * @param seed any number, the same for the same attempt: pauses of webhooks differ by it
     */
    public record Attempt(int number, Instant createdAt, Instant now, long seed) {}

    /** Returns what the attempt makes of the delivery. */
    public static DeliveryOutcome after(Medium medium, Answer answer, Attempt attempt) {
        if (answer instanceof Answer.Refused refused) {
            return DeliveryOutcome.failed(refused.why(), DeliveryOutcome.Fault.CHANNEL);
        }
        if (answer instanceof Answer.Unreachable unreachable) {
            return again(medium, unreachable.why(), null, DeliveryOutcome.Fault.PASSING, attempt);
        }
        Answer.Answered answered = (Answer.Answered) answer;
        boolean isSuccess = answered.status() >= SUCCESS && answered.status() < REDIRECTION;
        if (isSuccess) {
            return medium == Medium.SLACK ? afterSlack(answered, attempt) : DeliveryOutcome.delivered();
        }
        return medium == Medium.WEBHOOK ? afterWebhook(answered, attempt) : afterStatus(medium, answered, attempt);
    }

    private static DeliveryOutcome afterStatus(Medium medium, Answer.Answered answered, Attempt attempt) {
        int status = answered.status();
        if (status == TOO_MANY) {
            return again(medium, words(answered), answered.retryAfter(), DeliveryOutcome.Fault.BUSY, attempt);
        }
        if (status == TIMEOUT || status >= SERVER_ERROR) {
            return again(medium, words(answered), answered.retryAfter(), DeliveryOutcome.Fault.PASSING, attempt);
        }
        boolean isMessage = status == BAD_REQUEST || status == TOO_LARGE || status == UNPROCESSABLE;
        return DeliveryOutcome.failed(
                words(answered), isMessage ? DeliveryOutcome.Fault.MESSAGE : DeliveryOutcome.Fault.CHANNEL);
    }

    /** Only 2xx is a success, and only 410 is for ever; 429, 502 and 504 slow everything down. */
    private static DeliveryOutcome afterWebhook(Answer.Answered answered, Attempt attempt) {
        int status = answered.status();
        if (status == GONE_STATUS) {
            return DeliveryOutcome.failed(GONE, DeliveryOutcome.Fault.CHANNEL);
        }
        boolean isBusy = status == TOO_MANY || status == BAD_GATEWAY || status == GATEWAY_TIMEOUT;
        return again(
                Medium.WEBHOOK,
                words(answered),
                answered.retryAfter(),
                isBusy ? DeliveryOutcome.Fault.BUSY : DeliveryOutcome.Fault.PASSING,
                attempt);
    }

    /** A 200 says nothing: {@code ok} does. */
    private static DeliveryOutcome afterSlack(Answer.Answered answered, Attempt attempt) {
        JsonNode said = tree(answered.text());
        if (said.path("ok").asBoolean(false)) {
            return DeliveryOutcome.delivered();
        }
        String error = said.path("error").asText("");
        if (error.isEmpty()) {
            return again(Medium.SLACK, "Slack answered in another form", null, DeliveryOutcome.Fault.PASSING, attempt);
        }
        String reason = cut("Slack answered " + error);
        if (BUSY.contains(error)) {
            return again(Medium.SLACK, reason, answered.retryAfter(), DeliveryOutcome.Fault.BUSY, attempt);
        }
        if (PASSING.contains(error)) {
            return again(Medium.SLACK, reason, answered.retryAfter(), DeliveryOutcome.Fault.PASSING, attempt);
        }
        return DeliveryOutcome.failed(
                reason,
                ABOUT_THE_MESSAGE.contains(error) ? DeliveryOutcome.Fault.MESSAGE : DeliveryOutcome.Fault.CHANNEL);
    }

    private static DeliveryOutcome again(
            Medium medium, String reason, @Nullable Duration asked, DeliveryOutcome.Fault fault, Attempt attempt) {
        if (medium == Medium.WEBHOOK) {
            return bySchedule(reason, asked, fault, attempt);
        }
        Instant dueAt = attempt.now().plus(asked == null ? pause(attempt.number()) : asked);
        return dueAt.isAfter(attempt.createdAt().plus(GIVE_UP_AFTER))
                ? DeliveryOutcome.failed(reason.strip() + "; given up after 24 h", fault)
                : DeliveryOutcome.waiting(dueAt, reason.strip(), fault);
    }

    private static DeliveryOutcome bySchedule(
            String reason, @Nullable Duration asked, DeliveryOutcome.Fault fault, Attempt attempt) {
        if (attempt.number() > SCHEDULE.size()) {
            return DeliveryOutcome.failed(reason.strip() + "; given up after " + attempt.number() + " attempts", fault);
        }
        Duration planned = jittered(SCHEDULE.get(attempt.number() - 1), attempt.seed());
        Duration pause = asked != null && asked.compareTo(planned) > 0 ? asked : planned;
        return DeliveryOutcome.waiting(attempt.now().plus(pause), reason.strip(), fault);
    }

    /** Returns up to a tenth more, by chance that the seed holds: receivers that come back are not met by everybody at once. */
    private static Duration jittered(Duration pause, long seed) {
        long mixed = seed * 0x9E3779B97F4A7C15L;
        double share = (mixed >>> 11) * 0x1.0p-53;
        return pause.plusMillis(Math.round(pause.toMillis() * JITTER * share));
    }

    private static Duration pause(int attempts) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, LONGEST_SHIFT));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private static String words(Answer.Answered answered) {
        return cut("the receiver answered " + answered.status() + " " + answered.text())
                .strip();
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }

    private static JsonNode tree(String text) {
        try {
            return Json.read(text, JsonNode.class);
        } catch (IllegalArgumentException e) {
            return Json.tree(new Object[0]);
        }
    }
}
