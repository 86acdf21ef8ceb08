// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A rollback of a whole rollout, or of one of its treatments, that has been seen. */
@Entity
@Table(name = "rolled_back")
class RolledBackRow {
    /** {@code project/environment/flag#epoch}, and of a treatment {@code #variant:key} after it. */
    @Id
    String id;

    Instant at;
}
