// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What came of an attempt to send a message. */
public sealed interface Answer {
    /**
     * The receiver answered.
     *
     * @param status HTTP status
     * @param text beginning of the body
     * @param retryAfter how long the receiver asks to wait; null when it does not
     */
    record Answered(int status, String text, @Nullable Duration retryAfter) implements Answer {}

    /**
     * The receiver did not answer.
     *
     * @param why what happened
     */
    record Unreachable(String why) implements Answer {}

    /**
     * The address must not be used.
     *
     * @param why which rule it breaks
     */
    record Refused(String why) implements Answer {}
}
