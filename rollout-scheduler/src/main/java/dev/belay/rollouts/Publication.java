// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.kafka.KafkaSettings;
import dev.belay.outbox.Outbox;
import dev.belay.outbox.OutboxPublisher;
import dev.belay.rollouts.decision.Change;
import dev.belay.rollouts.decision.Freeze;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jspecify.annotations.Nullable;

/** What leaves: the rollout's record and its audit event, through the outbox. */
@ApplicationScoped
class Publication {
    private static final String OLDEST =
            "select coalesce(extract(epoch from now() - min(at)), 0) from " + Scheduler.SCHEMA + ".outbox";

    private final AgroalDataSource database;
    private final Outbox outbox;
    private final SchedulerMeters meters;
    private volatile @Nullable OutboxPublisher publisher;

    Publication(@DataSource(Scheduler.NAME) AgroalDataSource database, SchedulerMeters meters) {
        this.database = database;
        this.outbox = new Outbox(database, Scheduler.SCHEMA);
        this.meters = meters;
    }

    void start(KafkaSettings settings) {
        OutboxPublisher started = new OutboxPublisher(database, Scheduler.SCHEMA, settings, Scheduler.NAME);
        started.start();
        publisher = started;
    }

    void close() {
        OutboxPublisher open = publisher;
        if (open != null) {
            open.close();
        }
    }

    /** Publishes when the transaction commits, and not otherwise. */
    void append(@Nullable RolloutState before, Change change) {
        RolloutState state = change.state();
        String event = state.id() + "@" + state.version();
        boolean wasPublic = before != null && before.epoch() == state.epoch() && isPublic(before);
        if (wasPublic || isPublic(state)) {
            outbox.append(Topics.ROLLOUTS, state.ref().key(), state, event);
        }
        AuditEvent audit = new AuditEvent(
                "rollout:" + event,
                Scheduler.NAME,
                change.by(),
                change.action(),
                state.ref().key(),
                state.project(),
                change.reason(),
                before == null || before.epoch() != state.epoch() ? null : summary(before),
                state.version() == 1 || change.action().equals("rollout.edit") ? Json.tree(state) : summary(state),
                state.updatedAt());
        outbox.append(Topics.AUDIT, state.ref().key(), audit, audit.id());
        meters.changed(before, change);
    }

    /**
     * Returns whether others hear of a rollout in that state. What was never scheduled nor started is nobody else's concern:
     * its epoch would count for what is served, and lift what was taken out before.
     */
    static boolean isPublic(RolloutState state) {
        return !state.allocations().isEmpty()
                || state.status() == RolloutStatus.SCHEDULED
                || state.status() == RolloutStatus.RESTORED;
    }

    /** Says that a freeze was declared or lifted. */
    void frozen(Freeze freeze, String action, Actor by, String reason, Instant now) {
        AuditEvent audit = new AuditEvent(
                action + ":" + freeze.id(),
                Scheduler.NAME,
                by,
                action,
                "freeze/" + freeze.id(),
                freeze.project(),
                reason,
                null,
                Json.tree(freeze),
                now);
        outbox.append(Topics.AUDIT, audit.subject(), audit, audit.id());
    }

    /** Notes how long the oldest record has waited to be published. */
    void measureLag() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(OLDEST)) {
            meters.outboxLag(found.next() ? found.getDouble(1) : 0);
        } catch (SQLException e) {
            meters.outboxLag(Double.NaN);
        }
    }

    /** Publishes again what the topic lacks. */
    void restate(RolloutState state) {
        String event = "restated/" + state.id() + "@" + state.version();
        outbox.append(Topics.ROLLOUTS, state.ref().key(), state, event);
    }

    /** Says that a rollout was taken over from the topic. */
    void adopted(Change change) {
        RolloutState state = change.state();
        AuditEvent audit = new AuditEvent(
                "rollout:" + state.id() + "@" + state.version() + ":adopted",
                Scheduler.NAME,
                change.by(),
                change.action(),
                state.ref().key(),
                state.project(),
                "the topic knew more than the database",
                null,
                Json.tree(state),
                state.updatedAt());
        outbox.append(Topics.AUDIT, state.ref().key(), audit, audit.id());
        meters.changed(null, change);
    }

    void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) RolloutsWritten event) {
        OutboxPublisher open = publisher;
        if (open != null) {
            open.wake();
        }
    }

    /** The plan stands in the audit of the start and of its edits only. */
    private static JsonNode summary(RolloutState state) {
        Map<String, Object> summary = new TreeMap<>(Map.of(
                "epoch", state.epoch(),
                "version", state.version(),
                "status", state.status(),
                "stage", state.stage(),
                "asked", state.asked()));
        state.allocation().map(Allocation::number).ifPresent(number -> summary.put("allocation", number));
        return Json.tree(summary);
    }
}
