// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

/** What happened that people are told of. */
public enum Occasion {
    /** A rollout serves its first stage. */
    STARTED,
    /** A stage is not proven in time, and a person has to decide. */
    ASKED,
    /** Treatment for everyone. */
    COMPLETED,
    /** Something was taken out, and every live edge serves that. */
    ROLLED_BACK,
    /** Something was taken out, and not every edge has said so in time. */
    UNCONFIRMED,
    /** What was unconfirmed is confirmed now. */
    CONFIRMED_LATE,
    /** A rollout is not raised because nobody judges it, or because something about its data is wrong. */
    HELD,
    /** What held a rollout is right again. */
    HEALED
}
