// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of versions. */
@ApplicationScoped
class DocumentVersionRows implements PanacheRepositoryBase<DocumentVersionRow, String> {

    /** Returns the versions of a document below {@code before}, newest first. */
    List<DocumentVersionRow> newest(String documentId, long before, int limit) {
        return find("documentId = ?1 and version < ?2 order by version desc", documentId, before)
                .page(0, limit)
                .list();
    }
}
