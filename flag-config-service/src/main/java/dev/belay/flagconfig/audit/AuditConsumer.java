// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
    private final PatientHandler<AuditEvent> handler;

    AuditConsumer(AuditTrail trail) {
        this.handler = new PatientHandler<>(
                KafkaSettings.configured(), FlagConfig.SERVICE, Topics.AUDIT, (key, value, appendedAt) -> {
                    if (value != null) {
                        trail.add(value);
                    }
                });
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
