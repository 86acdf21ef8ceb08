// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.belay.contracts.Actor;
import dev.belay.http.ProblemException;
import dev.belay.rollouts.decision.Freeze;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Times in which nothing is raised. */
@ApplicationScoped
class Freezes implements PanacheRepositoryBase<FreezeRow, String> {
    private final Rollouts rollouts;
    private final Publication publication;
    private final Event<RolloutsWritten> written;

    Freezes(Rollouts rollouts, Publication publication, Event<RolloutsWritten> written) {
        this.rollouts = rollouts;
        this.publication = publication;
        this.written = written;
    }

    /** Returns those that hold at a moment or later; needs a transaction. */
    List<Freeze> from(Instant now) {
        return list("liftedAt is null and endsAt > ?1 order by startsAt, id", now).stream()
                .map(FreezeRow::read)
                .toList();
    }

    /** Returns those that hold now or later. */
    @Transactional
    List<Freeze> ahead() {
        return from(rollouts.now());
    }

    /**
     * Declares one.
     *
     * @param from first moment; null for now
     * @throws IllegalArgumentException if it ends before it begins, or is over
     */
    @Transactional
    Freeze declare(
            String project,
            @Nullable String environment,
            @Nullable Instant from,
            Instant until,
            String reason,
            Actor by) {
        Instant now = rollouts.now();
        if (!until.isAfter(now)) {
            throw new IllegalArgumentException("until must be after now, " + now + ", was " + until);
        }
        Freeze freeze = new Freeze(
                UUID.randomUUID().toString(), project, environment, from == null ? now : from, until, reason, by);
        persist(FreezeRow.of(freeze));
        publication.frozen(freeze, "freeze.declare", by, reason, now);
        written.fire(new RolloutsWritten());
        return freeze;
    }

    /** @throws ProblemException 404 if there is none that holds now or later */
    @Transactional
    Freeze declared(String id) {
        return standing(id, rollouts.now()).read();
    }

    /** Ends one before its time. */
    @Transactional
    void lift(String id, Actor by, String reason) {
        Instant now = rollouts.now();
        FreezeRow row = standing(id, now);
        row.liftedAt = now;
        publication.frozen(row.read(), "freeze.lift", by, reason, now);
        written.fire(new RolloutsWritten());
    }

    private FreezeRow standing(String id, Instant now) {
        FreezeRow row = findById(id);
        if (row == null || row.liftedAt != null || !row.endsAt.isAfter(now)) {
            throw ProblemException.notFound("freeze " + id);
        }
        return row;
    }
}
