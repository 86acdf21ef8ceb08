// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A flag that has or is about to have a rollout. Its row is the lock of everything decided about the flag. */
@Entity
@Table(name = "flag")
class FlagRow {
    /** {@code project/environment/flag}. */
    @Id
    @Column(name = "key")
    String key;

    /** Epoch of its latest rollout, 0 for none. */
    @Column(name = "latest_epoch", nullable = false)
    int latestEpoch;
}
