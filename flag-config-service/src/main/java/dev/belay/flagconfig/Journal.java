// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.kafka.KafkaSettings;
import dev.belay.outbox.Outbox;
import dev.belay.outbox.OutboxPublisher;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jspecify.annotations.Nullable;

/** What others are told, written with what is stored and published after the commit. */
@ApplicationScoped
public class Journal {
    /** Something was appended in the present transaction. */
    record Appended(String topic) {}

    private final Outbox outbox;
    private final OutboxPublisher publisher;
    private final Event<Appended> appended;

    Journal(@DataSource(FlagConfig.UNIT) AgroalDataSource database, Event<Appended> appended) {
        this.outbox = new Outbox(database, FlagConfig.SCHEMA);
        this.publisher =
                new OutboxPublisher(database, FlagConfig.SCHEMA, KafkaSettings.configured(), FlagConfig.SERVICE);
        this.appended = appended;
    }

    /**
     * Appends a record in the caller's transaction; the caller holds the lock of what it is about.
     *
     * @param value null for a tombstone
     */
    public <V> void append(Topic<V> topic, String key, @Nullable V value, String eventId) {
        outbox.append(topic, key, value, eventId);
        appended.fire(new Appended(topic.name()));
    }

    /** Appends an audit event in the caller's transaction. */
    public void audit(AuditEvent event) {
        append(Topics.AUDIT, event.subject(), event, event.id());
    }

    void start(@Observes @Priority(20) StartupEvent event) {
        publisher.start();
    }

    void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) Appended event) {
        publisher.wake();
    }

    @PreDestroy
    void stop() {
        publisher.close();
    }
}
