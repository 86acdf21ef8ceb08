// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Version of the two lists of a flag, as published. */
@Entity
@Table(name = "enrolment_list")
class EnrolmentListRow {
    @Id
    @Column(name = "flag_key")
    String flagKey;

    long version;
}
