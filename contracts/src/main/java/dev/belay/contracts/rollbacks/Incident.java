// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A rollback, or a rollout that cannot be raised because something about its data is wrong, as people follow it.
 *
 * <p>Topic {@code belay.incidents.v1}, keyed by the incident's id; the highest version wins.
 *
 * @param id the rollback's record key, or the hold's
 * @param version rises with every change, from 1
 * @param status where it is
 * @param rollback what was taken out and why; null when nothing was, and then {@code hold} says what is wrong
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
 * @param hold what is wrong; null when something was taken out
 * @param chain how long each step from the evidence to the last edge took; null before it is known
 */
public record Incident(
        String id,
        long version,
        Status status,
        @Nullable Rollback rollback,
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
        Instant updatedAt,
        @Nullable Hold hold,
        @Nullable Chain chain) {
    /** Where an incident is. */
    public enum Status {
        /** Waiting for the edges to confirm, or for the data to be right again. */
        OPEN,
        /** Every live edge serves it. */
        CONFIRMED,
        /** Some edge has not confirmed in time. */
        UNCONFIRMED,
        /** What held the rollout is right again. */
        HEALED,
        /** A person said that it is over, or the rollout it is about is. */
        RESOLVED
    }

    /** @throws IllegalArgumentException if a part is missing */
    public Incident {
        Require.text(id, "id");
        Require.positive(version, "version");
        Require.nonNull(status, "status");
        Require.that((rollback == null) != (hold == null), "rollback", "or a hold is required, not both", rollback);
        tell = tell == null ? List.of() : List.copyOf(tell);
        edges = edges == null ? List.of() : List.copyOf(edges);
        confirmed = confirmed == null ? List.of() : List.copyOf(confirmed);
        Require.nonNull(openedAt, "openedAt");
        Require.nonNull(updatedAt, "updatedAt");
    }

    /** An incident of a rollback whose steps were not timed. */
    public Incident(
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
        this(
                id,
                version,
                status,
                rollback,
                stage,
                template,
                owner,
                tell,
                edges,
                confirmed,
                openedAt,
                confirmedAt,
                evidenceToOffMillis,
                acknowledgedBy,
                updatedAt,
                null,
                null);
    }

    /** Returns the flag it is about. */
    public FlagRef ref() {
        return rollback == null ? Require.nonNull(hold, "hold").ref() : rollback.ref();
    }

    /** Returns the epoch of the rollout it is about. */
    public int epoch() {
        return rollback == null ? Require.nonNull(hold, "hold").epoch() : rollback.epoch();
    }
}
