// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides whether a message is tried again: what may pass is, for a day; what is the message's or the channel's own fault
 * is not.
 */
public final class DeliveryDecider {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Duration GIVE_UP_AFTER = Duration.ofHours(24);
    private static final int LONGEST_SHIFT = 20;
    private static final int SUCCESS = 200;
    private static final int REDIRECTION = 300;
    private static final int SERVER_ERROR = 500;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;

    private DeliveryDecider() {}

    /**
     * Returns what the attempt makes of the delivery.
     *
     * @param attempts attempts so far with this one, from 1
     * @param createdAt when there was something to tell
     * @param now when the attempt ended
     */
    public static DeliveryOutcome after(Answer answer, int attempts, Instant createdAt, Instant now) {
        if (answer instanceof Answer.Refused refused) {
            return DeliveryOutcome.failed(refused.why());
        }
        if (answer instanceof Answer.Unreachable unreachable) {
            return again(unreachable.why(), pause(attempts), createdAt, now);
        }
        return afterStatus((Answer.Answered) answer, attempts, createdAt, now);
    }

    private static DeliveryOutcome afterStatus(Answer.Answered answered, int attempts, Instant createdAt, Instant now) {
        int status = answered.status();
        if (status >= SUCCESS && status < REDIRECTION) {
            return DeliveryOutcome.delivered();
        }
        String reason = "the receiver answered " + status + " " + answered.text();
        if (status == TOO_MANY || status == TIMEOUT || status >= SERVER_ERROR) {
            Duration asked = answered.retryAfter();
            return again(reason, asked == null ? pause(attempts) : asked, createdAt, now);
        }
        return DeliveryOutcome.failed(reason.strip());
    }

    private static DeliveryOutcome again(String reason, Duration pause, Instant createdAt, Instant now) {
        Instant dueAt = now.plus(pause);
        return dueAt.isAfter(createdAt.plus(GIVE_UP_AFTER))
                ? DeliveryOutcome.failed(reason.strip() + "; given up after 24 h")
                : DeliveryOutcome.waiting(dueAt, reason.strip());
    }

    private static Duration pause(int attempts) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, LONGEST_SHIFT));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
