// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A rollback of a whole rollout that has been seen. */
@Entity
@Table(name = "rolled_back")
class RolledBackRow {
    /** {@code project/environment/flag#epoch}. */
    @Id
    String id;

    Instant at;
}
