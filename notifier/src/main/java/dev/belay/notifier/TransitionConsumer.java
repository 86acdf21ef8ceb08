// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Topics;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** rollouts, incidents -> what is worth telling -> deliveries, acknowledged once they are in the database. */
@ApplicationScoped
public class TransitionConsumer {
    private final NotifierKafka kafka;
    private final Teller teller;
    private final WorkQueue<RolloutState> rollouts;
    private final WorkQueue<Incident> incidents;

    TransitionConsumer(NotifierKafka kafka, Teller teller) {
        this.kafka = kafka;
        this.teller = teller;
        this.rollouts = new WorkQueue<>(
                kafka.settings(), NotifierKafka.SERVICE, Topics.ROLLOUTS, (key, state, appendedAt) -> tell(state));
        this.incidents = new WorkQueue<>(
                kafka.settings(), NotifierKafka.SERVICE, Topics.INCIDENTS, (key, incident, at) -> tell(incident));
    }

    @Incoming("notifier-rollouts")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consumeRollout(KafkaRecord<byte[], byte[]> received) {
        return rollouts.take(received);
    }

    @Incoming("notifier-incidents")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consumeIncident(KafkaRecord<byte[], byte[]> received) {
        return incidents.take(received);
    }

    private void tell(@Nullable RolloutState state) {
        if (state != null) {
            requireKnowledge();
            teller.tell(state);
        }
    }

    /** Thrown, it is tried again: what is told depends on rollouts and tags. */
    private void requireKnowledge() {
        if (!kafka.isCaughtUp()) {
            throw new IllegalStateException("the rollouts are still being read");
        }
    }

    private void tell(@Nullable Incident incident) {
        if (incident == null) {
            return;
        }
        requireKnowledge();
        teller.tell(incident, kafka.rollout(incident.ref()).orElse(null));
    }

    @PreDestroy
    void close() {
        rollouts.close();
        incidents.close();
    }
}
