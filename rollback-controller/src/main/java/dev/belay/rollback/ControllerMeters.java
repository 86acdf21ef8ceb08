// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.verdicts.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** What an operator watches: how many rollbacks, and how long they take. */
@Singleton
public class ControllerMeters {
    private final MeterRegistry registry;

    ControllerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** {@code belay_rollbacks_total} by cause, {@code belay_verdict_to_rollback_seconds} from verdict to acknowledgement. */
    void written(Rollback rollback, Instant now) {
        Verdict verdict = rollback.verdict();
        registry.counter("belay.rollbacks", "cause", verdict == null ? "person" : "verdict")
                .increment();
        if (verdict != null) {
            registry.timer("belay.verdict.to.rollback").record(positive(Duration.between(verdict.at(), now)));
        }
    }

    /** {@code belay_incidents_total} by status, {@code belay_evidence_to_off_seconds} from evidence to the last edge. */
    void written(Incident incident) {
        registry.counter("belay.incidents", "status", incident.status().name()).increment();
        Long millis = incident.evidenceToOffMillis();
        if (incident.status() == Incident.Status.CONFIRMED && millis != null) {
            registry.timer("belay.evidence.to.off").record(Duration.ofMillis(millis));
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
