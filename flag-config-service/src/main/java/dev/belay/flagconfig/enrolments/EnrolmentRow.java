// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What a unit chose. */
@Entity
@Table(name = "enrolment")
class EnrolmentRow {
    /** {@code project/environment/flag#unit}. */
    @Id
    String id;

    @Column(name = "flag_key")
    String flagKey;

    String unit;

    /** Whether it joined; false when it left. */
    boolean joined;

    Instant at;
}
