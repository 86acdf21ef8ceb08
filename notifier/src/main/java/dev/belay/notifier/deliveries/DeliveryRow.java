// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;

import dev.belay.notifier.decision.DeliveryOutcome;
import dev.belay.notifier.decision.Occasion;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A message on its way to a channel. */
@Entity
@Table(name = "delivery")
public class DeliveryRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String project;
    public String environment;
    public String flag;
    public String channel;
    public String subject;

    @Enumerated(EnumType.STRING)
    public Occasion occasion;

    public String transition;
    public String message;
    public String notice;
    public String thread;
    public long version;
    public Long foldedInto;
    public boolean ordered;

    @Enumerated(EnumType.STRING)
    public DeliveryOutcome.Status status;

    public int attempts;
    public String reason;
    public Instant createdAt;
    public Instant dueAt;
    public Instant endedAt;

    void note(DeliveryOutcome outcome, Instant now) {
        attempts++;
        status = outcome.status();
        reason = outcome.reason();
        dueAt = outcome.dueAt();
        endedAt = outcome.status() == DeliveryOutcome.Status.WAITING ? null : now;
    }
}
