// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.rollouts.decision.Basis;
import dev.belay.rollouts.decision.Change;
import dev.belay.rollouts.decision.Terms;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A rollout as it is kept. */
@Entity
@Table(name = "rollout")
class RolloutRow {
    /** {@code project/environment/flag#epoch}. */
    @Id
    String id;

    @Column(name = "flag_key", nullable = false)
    String flagKey;

    @Column(nullable = false)
    int epoch;

    @Column(nullable = false)
    long version;

    @Column(nullable = false)
    String status;

    @Column(nullable = false)
    String state;

    @Column(nullable = false)
    String basis;

    /** Digest of the document it was started from; empty when there was none. */
    @Column(nullable = false)
    String source;

    /** JSON of {@link Terms}. */
    @Column(nullable = false)
    String terms;

    /** JSON of {@link LastVerdicts}; null before the end. */
    @Nullable
    String verdicts;

    @Column(name = "updated_at", nullable = false)
    Instant updatedAt;

    static RolloutRow of(Change change, String source) {
        RolloutRow row = new RolloutRow();
        row.id = change.state().id();
        row.flagKey = change.state().ref().key();
        row.epoch = change.state().epoch();
        row.source = source;
        row.take(change);
        return row;
    }

    void take(Change change) {
        version = change.state().version();
        status = change.state().status().name();
        state = Json.write(change.state());
        basis = Json.write(change.basis());
        terms = Json.write(change.terms());
        updatedAt = change.state().updatedAt();
    }

    StoredRollout read() {
        return new StoredRollout(
                Json.read(state, RolloutState.class),
                Json.read(basis, Basis.class),
                Json.read(terms, Terms.class),
                verdicts == null
                        ? List.of()
                        : Json.read(verdicts, LastVerdicts.class).items(),
                source);
    }
}
