// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Actor;
import dev.belay.flagconfig.changes.decision.ChangeGate;
import dev.belay.flagconfig.documents.decision.Differences;
import org.jspecify.annotations.Nullable;

/**
 * A change of a flag that waits, or has waited.
 *
 * @param id its id; ids are in the order of creation
 * @param status whether it still waits
 * @param version of the change itself, from 1
 * @param base version of the flag it was made for; 0 for a new flag
 * @param isStale whether the flag has another version by now: the change must be written anew before it can be made
 * @param hash what approvals are bound to
 * @param dueAt when it is made by itself; null for when somebody makes it
 * @param authors everyone who wrote a part of it
 * @param reason why; null when none was given
 * @param document the flag as it would stand
 * @param differences what it changes in the flag as it stands now
 * @param needed how many approvals the environment asks for
 * @param missing how many of them are missing
 * @param approvals what was given, and what it is worth
 * @param outcome what became of it; null while it is open
 */
public record FlagChange(
        String id,
        String project,
        String environment,
        String flag,
        Status status,
        long version,
        long base,
        boolean isStale,
        String hash,
        @Nullable Instant dueAt,
        List<Actor> authors,
        @Nullable String reason,
        JsonNode document,
        List<Differences.Difference> differences,
        int needed,
        int missing,
        List<Approval> approvals,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String outcome) {

    /** Whether a change still waits. */
    public enum Status {
        OPEN,
        APPLIED,
        REJECTED,
        WITHDRAWN,
        /** It was due and could not be made. */
        FAILED
    }

    /**
     * An approval.
     *
     * @param counts whether it counts
     * @param standing what it is worth, in words
     */
    public record Approval(Actor by, Instant at, boolean counts, String standing) {
        static Approval of(ChangeGate.Judged judged) {
            return new Approval(
                    judged.given().by(),
                    judged.given().at(),
                    judged.standing() == ChangeGate.Standing.COUNTS,
                    judged.standing().words());
        }
    }
}
