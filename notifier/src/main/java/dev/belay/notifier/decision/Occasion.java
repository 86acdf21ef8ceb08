// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

/** What happened that people are told of. */
public enum Occasion {
    /** A rollout does not start before a person agrees. */
    AWAITING_APPROVAL,
    /** A rollout serves its first stage. */
    STARTED,
    /** It serves a further stage. */
    ADVANCED,
    /** It raises no further until somebody resumes it. */
    PAUSED,
    /** It raises again. */
    RESUMED,
    /** A stage is not proven in time, and a person has to decide. */
    ASKED,
    /** Treatment for everyone. */
    COMPLETED,
    /** Given up by a person. */
    CANCELLED,
    /** Something was taken out, and every live edge serves that. */
    ROLLED_BACK,
    /** Something was taken out, and not every edge has said so in time. */
    UNCONFIRMED,
    /** What was unconfirmed is confirmed now. */
    CONFIRMED_LATE,
    /** A person is on it. */
    ACKNOWLEDGED,
    /** A person said that it is over. */
    RESOLVED,
    /** A rollout is not raised because nobody judges it, or because something about its data is wrong. */
    HELD,
    /** What held a rollout is right again. */
    HEALED,
    /** Messages to another channel do not arrive. */
    CHANNEL_DOWN,
    /** A person wanted to see whether a channel works. */
    TEST
}
