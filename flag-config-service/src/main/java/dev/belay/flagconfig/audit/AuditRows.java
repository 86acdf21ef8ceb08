// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.util.List;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The chain's rows. */
@ApplicationScoped
class AuditRows implements PanacheRepositoryBase<AuditRow, Long> {

    boolean has(String eventId) {
        return count("eventId", eventId) > 0;
    }

    @Nullable
    AuditRow last() {
        return find("order by seq desc").page(0, 1).firstResult();
    }

    /** Returns rows newest first, below {@code before}. */
    List<AuditRow> newest(AuditFilter filter, long before, int limit) {
        return find("seq < :bound", "seq desc", filter, before, limit);
    }

    /** Returns rows oldest first, above {@code after}. */
    List<AuditRow> oldest(AuditFilter filter, long after, int limit) {
        return find("seq > :bound", "seq", filter, after, limit);
    }

    private List<AuditRow> find(String bounded, String order, AuditFilter filter, long bound, int limit) {
        String query = bounded + " and (:project is null or project = :project)"
                + " and (:subject is null or subject = :subject)";
        Parameters parameters =
                Parameters.with("bound", bound).and("project", filter.project()).and("subject", filter.subject());
        String prefix = filter.flagPrefix();
        if (prefix != null) {
            query += " and (subject not like '%/%/%' or locate(:prefix, subject) = 1)";
            parameters.and("prefix", prefix);
        }
        return find(query + " order by " + order, parameters).page(0, limit).list();
    }

    /** Returns rows oldest first, above {@code after}. */
    List<AuditRow> oldest(long after, int limit) {
        return find("seq > ?1 order by seq", after).page(0, limit).list();
    }
}
