// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A rollback as people follow it.
 *
 * <p>Topic {@code belay.incidents.v1}, keyed by the incident's id; the highest version wins.
 *
 * @param id the rollback's record key
 * @param version rises with every change, from 1
 * @param status where it is
 * @param rollback what was taken out and why
 * @param stage name of the stage at that time; null when unknown
 * @param template template of the rollout; null when unknown
 * @param owner who owns the rollout; null when unknown
 * @param tell channels to tell
 * @param edges names of the edges that were live when it was decided
 * @param confirmed names of those that serve it
 * @param openedAt when it was decided
 * @param confirmedAt when the last edge confirmed; null before
 * @param evidenceToOffMillis milliseconds from the arrival of the completing record to the last confirmation; null before,
 *     and when a person did it
 * @param acknowledgedBy who acknowledged it; null when nobody
 * @param updatedAt when this version was written
 */
public record Incident(
        String id,
        long version,
        Status status,
        Rollback rollback,
        @Nullable String stage,
        @Nullable String template,
        @Nullable String owner,
        List<String> tell,
        List<String> edges,
        List<String> confirmed,
        Instant openedAt,
        @Nullable Instant confirmedAt,
        @Nullable Long evidenceToOffMillis,
        @Nullable String acknowledgedBy,
        Instant updatedAt) {
    /** Where an incident is. */
    public enum Status {
        /** Waiting for the edges to confirm. */
        OPEN,
        /** Every live edge serves it. */
        CONFIRMED,
        /** Some edge has not confirmed in time. */
        UNCONFIRMED,
        /** A person said that it is over. */
        RESOLVED
    }

    /** @throws IllegalArgumentException if a part is missing */
    public Incident {
        Require.text(id, "id");
        Require.positive(version, "version");
        Require.nonNull(status, "status");
        Require.nonNull(rollback, "rollback");
        tell = tell == null ? List.of() : List.copyOf(tell);
        edges = edges == null ? List.of() : List.copyOf(edges);
        confirmed = confirmed == null ? List.of() : List.copyOf(confirmed);
        Require.nonNull(openedAt, "openedAt");
        Require.nonNull(updatedAt, "updatedAt");
    }
}
