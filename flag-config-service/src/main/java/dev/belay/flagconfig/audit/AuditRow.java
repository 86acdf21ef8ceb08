// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.time.Instant;

import dev.belay.flagconfig.audit.decision.Link;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** One audit event in the chain; never changed. */
@Entity
@Table(name = "audit")
class AuditRow {
    @Id
    long seq;

    @Column(name = "event_id")
    String eventId;

    @Nullable
    String project;

    String subject;
    Instant at;

    /** The event as JSON. */
    String event;

    @Column(name = "previous_hash")
    String previousHash;

    String hash;

    Link link() {
        return new Link(seq, event, previousHash, hash);
    }
}
