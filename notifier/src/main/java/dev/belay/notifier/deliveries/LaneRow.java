// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;

import dev.belay.notifier.decision.Health;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A channel's turn to send: one sender holds it at a time. */
@Entity
@Table(name = "lane")
public class LaneRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String project;
    public String channel;
    public Instant freeAt;
    public int failures;
    public Instant failingSince;
    public Instant downSince;
    public String heldBy;

    Health health() {
        return new Health(failures, failingSince, downSince);
    }

    /** Lets others send there, once this transaction is done. */
    void free() {
        heldBy = null;
    }

    void note(Health health) {
        failures = health.failures();
        failingSince = health.failingSince();
        downSince = health.downSince();
    }
}
