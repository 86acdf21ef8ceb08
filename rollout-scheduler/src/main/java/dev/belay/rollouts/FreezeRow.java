// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.rollouts.decision.Freeze;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A time in which nothing is raised, as it is kept. */
@Entity
@Table(name = "raise_freeze")
class FreezeRow {
    @Id
    String id;

    @Column(nullable = false)
    String project;

    @Nullable
    String environment;

    @Column(name = "starts_at", nullable = false)
    Instant startsAt;

    @Column(name = "ends_at", nullable = false)
    Instant endsAt;

    @Column(nullable = false)
    String reason;

    @Column(name = "actor_kind", nullable = false)
    String actorKind;

    @Column(name = "actor_name", nullable = false)
    String actorName;

    @Column(name = "lifted_at")
    @Nullable
    Instant liftedAt;

    static FreezeRow of(Freeze freeze) {
        FreezeRow row = new FreezeRow();
        row.id = freeze.id();
        row.project = freeze.project();
        row.environment = freeze.environment();
        row.startsAt = freeze.from();
        row.endsAt = freeze.until();
        row.reason = freeze.reason();
        row.actorKind = freeze.by().kind().name();
        row.actorName = freeze.by().name();
        return row;
    }

    Freeze read() {
        Actor by = new Actor(Actor.Kind.valueOf(actorKind), actorName);
        return new Freeze(id, project, environment, startsAt, endsAt, reason, by);
    }
}
