// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.audit;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Somebody changed something.
 *
 * <p>Topic {@code belay.audit.v1}, keyed by {@code project/environment/flag} where it is about a flag, else by subject.
 *
 * @param id identifies the change; a redelivery carries the same id
 * @param service service that made the change
 * @param actor who asked for it
 * @param action what was done, for instance {@code rollout.start}
 * @param subject what it was done to: {@code project/environment/flag}, {@code project/name}, or a key's id
 * @param project project it belongs to; null for none
 * @param reason why; null when none was asked for
 * @param before what stood before; null for something new
 * @param after what stands now; null for something deleted
 * @param at when it was done
 */
public record AuditEvent(
        String id,
        String service,
        Actor actor,
        String action,
        String subject,
        @Nullable String project,
        @Nullable String reason,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        Instant at) {
    /** @throws IllegalArgumentException if a part is missing */
    public AuditEvent {
        Require.text(id, "id");
        Require.name(service, "service");
        Require.nonNull(actor, "actor");
        Require.text(action, "action");
        Require.text(subject, "subject");
        Require.nonNull(at, "at");
    }
}
