// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import dev.belay.contracts.Actor;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** One version of a document; never changed. */
@Entity
@Table(name = "document_versions")
class DocumentVersionRow {
    /** {@code <kind>/<key>@<version>}. */
    @Id
    String id;

    @Column(name = "document_id")
    String documentId;

    long version;
    String content;

    @Column(name = "updated_at")
    Instant updatedAt;

    /** Null with the name for versions written before this was kept. */
    @Column(name = "actor_kind")
    @Nullable
    String actorKind;

    @Column(name = "actor_name")
    @Nullable
    String actorName;

    @Nullable
    String action;

    @Nullable
    String reason;

    @Nullable
    Actor actor() {
        return actorKind == null || actorName == null ? null : new Actor(Actor.Kind.valueOf(actorKind), actorName);
    }
}
