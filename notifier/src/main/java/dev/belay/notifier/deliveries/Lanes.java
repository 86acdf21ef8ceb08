// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

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

    /** A sender that lost the database has as long as its hold from when the database is back: it may have sent. */
    private static final String IS_FREE = "(lane.held_by is null or lane.held_by = :me or greatest(lane.held_until,"
            + " pg_postmaster_start_time() + cast(:hold as interval)) < now())";

    private static final String NEXT = "select lane.* from notifier.lane lane where lane.free_at <= :now and " + IS_FREE
            + " and (cast(:only as bigint) is null or lane.id = :only) and (exists"
            + " (select 1 from notifier.delivery d where d.project = lane.project and d.channel = lane.channel"
            + " and " + IS_DUE + ") or exists"
            + " (select 1 from notifier.thread t where t.project = lane.project and t.channel = lane.channel"
            + " and t.stale and t.due_at <= :now)) order by lane.free_at limit 1 for update of lane skip locked";

    /** How long nobody else sends to a channel after its sender was last heard of: longer than any letter may take. */
    private static final String HOLD = "20 seconds";

    /** Who holds: a process, in whatever thread. */
    private final String me = UUID.randomUUID().toString();

    /** Takes a channel that has something to send now: until {@link LaneRow#free}, or for a while, nobody else sends there. */
    @Transactional
    Optional<Long> hold(Instant now) {
        Optional<Long> next = next(now, null).map(lane -> lane.id);
        next.ifPresent(id -> getEntityManager()
                .createNativeQuery(
                        "update notifier.lane set held_by = :me, held_until = now() + cast(:hold as interval)"
                                + " where id = :id")
                .setParameter("me", me)
                .setParameter("hold", HOLD)
                .setParameter("id", id)
                .executeUpdate());
        return next;
    }

    /**
     * Returns a channel that this process holds, locked for this transaction, if it still has something to send and no other
     * thread is at it.
     */
    Optional<LaneRow> held(long id, Instant now) {
        return next(now, id).filter(lane -> me.equals(lane.heldBy));
    }

    private Optional<LaneRow> next(Instant now, @Nullable Long only) {
        List<?> found = getEntityManager()
                .createNativeQuery(NEXT, LaneRow.class)
                .setParameter("now", now)
                .setParameter("me", me)
                .setParameter("hold", HOLD)
                .setParameter("only", only)
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
