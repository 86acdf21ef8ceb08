// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A change of a flag that waits, or has waited. */
@Entity
@Table(name = "flag_change")
class ChangeRow {
    /** Begins with the time of its creation, so that ids are in order. */
    @Id
    String id;

    /** {@code project/environment/flag}. */
    @Column(name = "flag_key")
    String flagKey;

    String project;
    String environment;

    /** Name of a {@link FlagChange.Status}. */
    String status;

    /** Of the change, from 1. */
    long version;

    /** Version of the flag it was made for; 0 for a new flag. */
    long base;

    /** The flag as it would stand, as people write it, in JSON. */
    String document;

    String hash;

    /** Everyone who wrote a part of it, the first one first, as JSON. */
    String authors;

    @Nullable
    String reason;

    @Column(name = "due_at")
    @Nullable
    Instant dueAt;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;

    /** What became of it; null while it is open. */
    @Nullable
    String outcome;

    List<Actor> authors() {
        return List.of(Json.read(authors, Actor[].class));
    }

    boolean isOpen() {
        return status.equals(FlagChange.Status.OPEN.name());
    }
}
