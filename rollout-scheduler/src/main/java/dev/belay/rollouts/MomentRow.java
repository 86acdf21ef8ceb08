// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import dev.belay.contracts.Json;
import dev.belay.rollouts.decision.Moment;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Something that happened to a rollout. */
@Entity
@Table(name = "moment")
class MomentRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(name = "flag_key", nullable = false)
    String flagKey;

    @Column(nullable = false)
    int epoch;

    @Column(nullable = false)
    String content;

    static MomentRow of(String flagKey, Moment moment) {
        MomentRow row = new MomentRow();
        row.flagKey = flagKey;
        row.epoch = moment.epoch();
        row.content = Json.write(moment);
        return row;
    }

    Moment read() {
        return Json.read(content, Moment.class);
    }
}
