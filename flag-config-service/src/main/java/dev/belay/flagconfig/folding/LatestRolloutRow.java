// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The latest rollout of a flag, as its owner said it. */
@Entity
@Table(name = "latest_rollout")
class LatestRolloutRow {
    @Id
    @Column(name = "flag_key")
    String flagKey;

    String project;
    int epoch;
    long version;

    /** The state as JSON. */
    String state;
}
