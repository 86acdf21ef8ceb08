// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Occasion;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way, as people see it.
 *
 * @param id rises with every delivery
 * @param project name of the project
 * @param environment name of the environment; null when it is about no flag
 * @param flag key of the flag; null when it is about none
 * @param channel name of the channel
 * @param occasion what is told
 * @param transition identifies what is told; one message per channel
 * @param status where it is
 * @param attempts how often it was tried
 * @param reason what went wrong last; null when nothing did
 * @param createdAt when there was something to tell
 * @param dueAt when it is tried next; null when it is not
 * @param endedAt when it arrived or was given up; null before
 * @param foldedInto id of the delivery whose message told this one too, in a storm; null when it had one of its own
 * @param log every attempt, the first first; only where one delivery is asked for
 */
public record Delivery(
        long id,
        String project,
        @Nullable String environment,
        @Nullable String flag,
        String channel,
        Occasion occasion,
        String transition,
        DeliveryOutcome.Status status,
        int attempts,
        @Nullable String reason,
        Instant createdAt,
        @Nullable Instant dueAt,
        @Nullable Instant endedAt,
        @Nullable Long foldedInto,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Attempt> log) {
    /**
     * An attempt to deliver a message.
     *
     * @param number from 1
     * @param at when it ended
     * @param millis how long it took
     * @param status what it made of the delivery
     * @param reason what went wrong; null when nothing did
     */
    public record Attempt(
            int number,
            Instant at,
            long millis,
            DeliveryOutcome.Status status,
            @Nullable String reason) {}

    static Delivery of(DeliveryRow row) {
        return of(row, List.of());
    }

    static Delivery of(DeliveryRow row, List<AttemptRow> attempts) {
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
                row.endedAt,
                row.foldedInto,
                attempts.stream()
                        .map(each -> new Attempt(each.number, each.at, each.millis, each.status, each.reason))
                        .toList());
    }
}
