// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** rollouts, incidents -> what is worth telling -> deliveries, acknowledged once they are in the database. */
@ApplicationScoped
public class TransitionConsumer {
    private static final Logger LOG = Logger.getLogger(TransitionConsumer.class);

    private final PatientWorker rolloutWorker = new PatientWorker("notifier-rollouts");
    private final PatientWorker incidentWorker = new PatientWorker("notifier-incidents");
    private final NotifierKafka kafka;
    private final Teller teller;

    TransitionConsumer(NotifierKafka kafka, Teller teller) {
        this.kafka = kafka;
        this.teller = teller;
    }

    @Incoming("notifier-rollouts")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consumeRollout(KafkaRecord<byte[], byte[]> received) {
        return rolloutWorker
                .untilDone(() ->
                        read(Topics.ROLLOUTS, RolloutState.class, received).ifPresent(teller::tell))
                .thenCompose(done -> received.ack());
    }

    @Incoming("notifier-incidents")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consumeIncident(KafkaRecord<byte[], byte[]> received) {
        return incidentWorker
                .untilDone(
                        () -> read(Topics.INCIDENTS, Incident.class, received).ifPresent(this::tell))
                .thenCompose(done -> received.ack());
    }

    private void tell(Incident incident) {
        if (!kafka.isCaughtUp()) {
            throw new IllegalStateException("the rollouts are still being read");
        }
        teller.tell(incident, kafka.rollout(incident.rollback().ref()).orElse(null));
    }

    private <V> Optional<V> read(Topic<V> topic, Class<V> type, KafkaRecord<byte[], byte[]> received) {
        byte @Nullable [] value = received.getPayload();
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(new String(value, StandardCharsets.UTF_8), type));
        } catch (IllegalArgumentException e) {
            LOG.warnf("a record of %s cannot be read and is put aside: %s", topic.name(), e.getMessage());
            kafka.putAside(topic, received.getKey(), value, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    @PreDestroy
    void close() {
        rolloutWorker.close();
        incidentWorker.close();
    }
}
