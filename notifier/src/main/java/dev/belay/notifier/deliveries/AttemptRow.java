// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Duration;
import java.time.Instant;

import dev.belay.notifier.decision.DeliveryOutcome;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An attempt to deliver a message. */
@Entity
@Table(name = "attempt")
public class AttemptRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public long deliveryId;
    public int number;
    public Instant at;
    public long millis;

    @Enumerated(EnumType.STRING)
    public DeliveryOutcome.Status status;

    public String reason;

    /** Returns the attempt that a delivery has just noted. */
    static AttemptRow of(DeliveryRow row, Instant begun, Instant now) {
        AttemptRow attempt = new AttemptRow();
        attempt.deliveryId = row.id;
        attempt.number = row.attempts;
        attempt.at = now;
        attempt.millis = Duration.between(begun, now).toMillis();
        attempt.status = row.status;
        attempt.reason = row.reason;
        return attempt;
    }
}
