// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** The present version of a document. */
@Entity
@Table(name = "documents")
class DocumentRow {
    /** {@code <kind>/<key>}. */
    @Id
    String id;

    String kind;
    String project;

    @Nullable
    String environment;

    String name;
    long version;

    /** Taken away; the row stays so that versions go on rising. */
    boolean withdrawn;

    /** The value as JSON. */
    String content;

    @Column(name = "updated_at")
    Instant updatedAt;
}
