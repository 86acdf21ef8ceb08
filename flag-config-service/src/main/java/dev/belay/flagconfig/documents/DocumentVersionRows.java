// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of versions. */
@ApplicationScoped
class DocumentVersionRows implements PanacheRepositoryBase<DocumentVersionRow, String> {}
