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
 */
public record DeliveryOutcome(
        Status status, @Nullable Instant dueAt, @Nullable String reason) {
    /** Where a delivery is. */
    public enum Status {
        /** It is tried, or tried again, when it is due. */
        WAITING,
        /** The receiver took it. */
        DELIVERED,
        /** It will not be tried again. */
        FAILED
    }

    static DeliveryOutcome delivered() {
        return new DeliveryOutcome(Status.DELIVERED, null, null);
    }

    static DeliveryOutcome waiting(Instant dueAt, String reason) {
        return new DeliveryOutcome(Status.WAITING, dueAt, reason);
    }

    static DeliveryOutcome failed(String reason) {
        return new DeliveryOutcome(Status.FAILED, null, reason);
    }
}
