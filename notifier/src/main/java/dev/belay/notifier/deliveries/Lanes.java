// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Whose turn it is to send. */
@ApplicationScoped
public class Lanes implements PanacheRepositoryBase<LaneRow, Long> {
    /**
     * Whether a delivery {@code d} is to be sent: not before an earlier one about the same, where an end must not overtake
     * its beginning.
     */
    static final String IS_DUE = "d.status = 'WAITING' and d.due_at <= :now and not (d.ordered and exists"
            + " (select 1 from notifier.delivery e where e.subject = d.subject and e.project = d.project"
            + " and e.channel = d.channel and e.status = 'WAITING' and e.id < d.id))";

    private static final String NEXT = "select lane.* from notifier.lane lane where lane.free_at <= :now and (exists"
            + " (select 1 from notifier.delivery d where d.project = lane.project and d.channel = lane.channel"
            + " and " + IS_DUE + ") or exists"
            + " (select 1 from notifier.thread t where t.project = lane.project and t.channel = lane.channel"
            + " and t.stale and t.due_at <= :now)) order by lane.free_at limit 1 for update of lane skip locked";

    /** Returns a channel that has something to send now, locked for this transaction; other replicas take the next one. */
    Optional<LaneRow> next(Instant now) {
        List<?> found = getEntityManager()
                .createNativeQuery(NEXT, LaneRow.class)
                .setParameter("now", now)
                .getResultList();
        return found.stream().map(LaneRow.class::cast).findFirst();
    }

    /** Returns the names of a project's channels that are down. */
    Set<String> down(String project) {
        return list("project = ?1 and downSince is not null", project).stream()
                .map(row -> row.channel)
                .collect(Collectors.toSet());
    }
}
