// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;
import java.util.List;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Rows of changes. */
@ApplicationScoped
class ChangeRows implements PanacheRepositoryBase<ChangeRow, String> {
    private static final int AT_ONCE = 100;

    /** Returns changes above {@code after} in the order of their ids; null for any. */
    List<ChangeRow> list(
            @Nullable String project,
            @Nullable String environment,
            @Nullable String flagKey,
            FlagChange.@Nullable Status status,
            String after,
            int limit) {
        return find(
                        "id > :after and (:project is null or project = :project)"
                                + " and (:environment is null or environment = :environment)"
                                + " and (:flag is null or flagKey = :flag)"
                                + " and (:status is null or status = :status) order by id",
                        Parameters.with("after", after)
                                .and("project", project)
                                .and("environment", environment)
                                .and("flag", flagKey)
                                .and("status", status == null ? null : status.name()))
                .page(0, limit)
                .list();
    }

    /** Returns the ids of open changes whose time has come, the longest overdue first. */
    List<String> due(Instant now) {
        return find("status = ?1 and dueAt <= ?2 order by dueAt, id", FlagChange.Status.OPEN.name(), now)
                .page(0, AT_ONCE)
                .stream()
                .map(row -> row.id)
                .toList();
    }
}
