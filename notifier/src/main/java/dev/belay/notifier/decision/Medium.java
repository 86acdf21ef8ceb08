// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;

/** How a channel is spoken to, and what follows from it. */
public enum Medium {
    /** Slack's incoming webhook: new messages only. */
    SLACK_WEBHOOK,
    /** Slack's bot: a thread for each rollout. */
    SLACK,
    /** PagerDuty: what somebody may have to get up for, and its end. */
    PAGERDUTY,
    /** Standard Webhooks: a program, which is told everything. */
    WEBHOOK;

    private static final Duration SECOND = Duration.ofMillis(1_050);

    /** Returns whether it is told of such things at all. */
    public boolean hears(Occasion occasion) {
        return switch (this) {
            case SLACK, WEBHOOK -> true;
            case SLACK_WEBHOOK -> !isSmall(occasion);
            case PAGERDUTY -> isAlarm(occasion);
        };
    }

    /** Returns the shortest time between two messages to one channel: Slack takes one a second. */
    public Duration pace() {
        return folds() ? SECOND : Duration.ZERO;
    }

    /** Returns the least severity that is told unless the channel says otherwise. */
    public Severity usual() {
        return this == PAGERDUTY ? Severity.ERROR : Severity.INFO;
    }

    /** Returns whether people read it, so that many messages alike become one. */
    public boolean folds() {
        return this == SLACK || this == SLACK_WEBHOOK;
    }

    /** Returns whether messages about the same come in their order; a program goes by their times. */
    public boolean isOrdered() {
        return this != WEBHOOK;
    }

    /** What belongs below another message, or is no news to who did it. */
    private static boolean isSmall(Occasion occasion) {
        return switch (occasion) {
            case ADVANCED, PAUSED, RESUMED, CANCELLED, ACKNOWLEDGED, RESOLVED -> true;
            case AWAITING_APPROVAL,
                    STARTED,
                    ASKED,
                    COMPLETED,
                    ROLLED_BACK,
                    UNCONFIRMED,
                    CONFIRMED_LATE,
                    HELD,
                    HEALED,
                    CHANNEL_DOWN,
                    TEST -> false;
        };
    }

    private static boolean isAlarm(Occasion occasion) {
        return switch (occasion) {
            case ROLLED_BACK, UNCONFIRMED, CONFIRMED_LATE, ACKNOWLEDGED, RESOLVED, HELD, HEALED, CHANNEL_DOWN, TEST ->
                true;
            case AWAITING_APPROVAL, STARTED, ADVANCED, PAUSED, RESUMED, ASKED, COMPLETED, CANCELLED -> false;
        };
    }
}
