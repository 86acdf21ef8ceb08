// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

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
}
