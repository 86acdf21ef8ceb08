// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt makes of a delivery.
 *
 * @param status where it is now
 * @param dueAt when it is tried again; null when it is not
 * @param reason what the receiver said or what went wrong; null for a success
 * @param fault whose fault it was
 */
public record DeliveryOutcome(
        Status status, @Nullable Instant dueAt, @Nullable String reason, Fault fault) {
    /** Where a delivery is. */
    public enum Status {
        /** It is tried, or tried again, when it is due. */
        WAITING,
        /** The receiver took it. */
        DELIVERED,
        /** It will not be tried again. */
        FAILED
    }

    /** Whose fault it was that a message did not arrive. */
    public enum Fault {
        /** It arrived. */
        NONE,
        /** Too many messages; none is sent to this channel before it is due. */
        BUSY,
        /** It may pass. */
        PASSING,
        /** The message's own. */
        MESSAGE,
        /** The channel's: no other message will arrive. */
        CHANNEL
    }

    static DeliveryOutcome delivered() {
        return new DeliveryOutcome(Status.DELIVERED, null, null, Fault.NONE);
    }

    static DeliveryOutcome waiting(Instant dueAt, String reason, Fault fault) {
        return new DeliveryOutcome(Status.WAITING, dueAt, reason, fault);
    }

    /** Returns the end of a delivery that is not tried again. */
    public static DeliveryOutcome failed(String reason, Fault fault) {
        return new DeliveryOutcome(Status.FAILED, null, reason, fault);
    }

    /** Returns whether the receiver wants nothing more, ever. */
    public boolean isGone() {
        return status == Status.FAILED && fault == Fault.CHANNEL && DeliveryDecider.GONE.equals(reason);
    }
}
