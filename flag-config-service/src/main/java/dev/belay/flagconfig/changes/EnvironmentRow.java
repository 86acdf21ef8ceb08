// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What is agreed for an environment. */
@Entity
@Table(name = "environment")
class EnvironmentRow {
    /** {@code project/name}. */
    @Id
    String id;

    String project;
    String name;
    long version;

    /** Approvals that a change of a flag needs; 0 for none. */
    int approvals;

    @Column(name = "updated_at")
    Instant updatedAt;
}
