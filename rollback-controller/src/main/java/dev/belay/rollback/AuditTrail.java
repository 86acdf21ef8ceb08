// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Says what was changed, off the safety path: on its own thread, as late as it must.
 *
 * <p>Rollbacks are said as they come back from the broker, those of the last day again after a restart: the event's id is
 * the record's key, and whoever keeps the trail keeps one row per id.
 */
@ApplicationScoped
public class AuditTrail {
    private static final Duration SAID_AGAIN = Duration.ofDays(1);
    private static final Duration FOR_THE_BROKER = Duration.ofSeconds(30);

    private final PatientWorker worker = new PatientWorker("rollback-controller-audit");
    private final ControllerRecords records;

    AuditTrail(ControllerRecords records) {
        this.records = records;
    }

    void onRollback(@Observes Rollback rollback) {
        if (rollback.at().isAfter(Instant.now().minus(SAID_AGAIN))) {
            boolean kill = rollback.target().kind() == RollbackTarget.Kind.KILL;
            say(new AuditEvent(
                    "rollback:" + rollback.recordKey(),
                    ControllerRecords.SERVICE,
                    rollback.by(),
                    kill ? "flag.kill" : "rollout.rollback",
                    rollback.ref().key(),
                    rollback.project(),
                    rollback.reason(),
                    null,
                    Json.tree(rollback),
                    rollback.at()));
        }
    }

    /** Says that a person changed an incident. */
    void onIncident(String action, Actor actor, Incident incident) {
        say(new AuditEvent(
                "incident:" + incident.id() + "@" + incident.version(),
                ControllerRecords.SERVICE,
                actor,
                action,
                incident.ref().key(),
                incident.ref().project(),
                null,
                null,
                Json.tree(incident),
                incident.updatedAt()));
    }

    private void say(AuditEvent event) {
        var unused =
                worker.untilDone(() -> records.write(Topics.AUDIT, event.subject(), event, event.id(), FOR_THE_BROKER));
    }

    @PreDestroy
    void close() {
        worker.close();
    }
}
