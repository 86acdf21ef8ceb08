// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.flagconfig.ConsumedRecords;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.PatientHandler;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Work queue of audit events. */
@ApplicationScoped
class AuditConsumer {
    /** Classes of SQL states: data exceptions such as a zero byte, and limits such as that of an index. */
    private static final List<String> UNSTORABLE = List.of("22", "54");

    private static final int DEEPEST_CAUSE = 20;

    private final PatientHandler<AuditEvent> handler;

    AuditConsumer(AuditTrail trail) {
        this.handler = new PatientHandler<>(
                KafkaSettings.configured(), FlagConfig.SERVICE, Topics.AUDIT, (key, value, appendedAt) -> {
                    if (value != null) {
                        add(trail, value);
                    }
                });
    }

    /** @throws IllegalArgumentException if the database can never take it: it is put away then */
    private static void add(AuditTrail trail, AuditEvent event) {
        try {
            trail.add(event);
        } catch (RuntimeException e) {
            if (isUnstorable(e)) {
                throw new IllegalArgumentException("the event cannot be stored: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private static boolean isUnstorable(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(cause -> cause instanceof SQLException sql
                        && UNSTORABLE.stream().anyMatch(String.valueOf(sql.getSQLState())::startsWith));
    }

    @Incoming(FlagConfig.SERVICE + "-audit")
    @Blocking
    CompletionStage<Void> take(Message<byte[]> record) {
        return handler.take(ConsumedRecords.of(record)) ? record.ack() : CompletableFuture.completedFuture(null);
    }

    void stop(@Observes ShutdownEvent event) {
        handler.close();
    }
}
