// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;

import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Occasion;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way, as people see it.
 *
 * @param id rises with every delivery
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param channel name of the channel
 * @param occasion what is told
 * @param transition identifies what is told; one message per channel
 * @param status where it is
 * @param attempts how often it was tried
 * @param reason what went wrong last; null when nothing did
 * @param createdAt when there was something to tell
 * @param dueAt when it is tried next; null when it is not
 * @param endedAt when it arrived or was given up; null before
 */
public record Delivery(
        long id,
        String project,
        String environment,
        String flag,
        String channel,
        Occasion occasion,
        String transition,
        DeliveryOutcome.Status status,
        int attempts,
        @Nullable String reason,
        Instant createdAt,
        @Nullable Instant dueAt,
        @Nullable Instant endedAt) {

    static Delivery of(DeliveryRow row) {
        return new Delivery(
                row.id,
                row.project,
                row.environment,
                row.flag,
                row.channel,
                row.occasion,
                row.transition,
                row.status,
                row.attempts,
                row.reason,
                row.createdAt,
                row.dueAt,
                row.endedAt);
    }
}
