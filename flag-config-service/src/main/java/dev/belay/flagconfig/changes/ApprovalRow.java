// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.flagconfig.changes.decision.Given;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An approval of a change; never changed. */
@Entity
@Table(name = "flag_change_approval")
class ApprovalRow {
    @Id
    String id;

    @Column(name = "change_id")
    String changeId;

    @Column(name = "actor_kind")
    String actorKind;

    @Column(name = "actor_name")
    String actorName;

    String hash;
    Instant at;

    Given given() {
        return new Given(new Actor(Actor.Kind.valueOf(actorKind), actorName), hash, at);
    }
}
