// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;
import java.util.Optional;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Rows of documents. */
@ApplicationScoped
class DocumentRows implements PanacheRepositoryBase<DocumentRow, String> {

    /** Returns what is not withdrawn; null for any project or environment. */
    List<DocumentRow> present(String kind, @Nullable String project, @Nullable String environment) {
        return list(
                "kind = :kind and withdrawn = false and (:project is null or project = :project)"
                        + " and (:environment is null or environment = :environment)",
                Parameters.with("kind", kind).and("project", project).and("environment", environment));
    }

    /** Returns everything, also what is withdrawn; null for any project or environment. */
    List<DocumentRow> all(String kind, @Nullable String project, @Nullable String environment) {
        return list(
                "kind = :kind and (:project is null or project = :project)"
                        + " and (:environment is null or environment = :environment)",
                Parameters.with("kind", kind).and("project", project).and("environment", environment));
    }

    /** Returns what is not withdrawn under that id. */
    Optional<DocumentRow> present(String id) {
        return findByIdOptional(id).filter(row -> !row.withdrawn);
    }
}
