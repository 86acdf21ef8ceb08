// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.rollback.decision.RollbackDecider;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** verdict -> decide -> rollback, acknowledged only after the broker has acknowledged the rollback. */
@ApplicationScoped
public class VerdictConsumer {
    private static final Logger LOG = Logger.getLogger(VerdictConsumer.class);

    private final PatientWorker worker = new PatientWorker("rollback-controller-verdicts");
    private final ControllerRecords records;
    private final ControllerViews views;
    private final Rollbacks rollbacks;

    VerdictConsumer(ControllerRecords records, ControllerViews views, Rollbacks rollbacks) {
        this.records = records;
        this.views = views;
        this.rollbacks = rollbacks;
    }

    @Incoming("rollback-controller-verdicts")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consume(KafkaRecord<byte[], byte[]> verdict) {
        return worker.untilDone(() -> take(verdict.getKey(), verdict.getPayload()))
                .thenCompose(done -> verdict.ack());
    }

    private void take(byte @Nullable [] key, byte @Nullable [] value) {
        read(key, value)
                .flatMap(verdict -> RollbackDecider.decide(verdict, plan(verdict)))
                .ifPresent(rollbacks::recordOnVerdict);
    }

    private Optional<Verdict> read(byte @Nullable [] key, byte @Nullable [] value) {
        try {
            String json = new String(Require.nonNull(value, "value"), StandardCharsets.UTF_8);
            return Optional.of(Json.read(json, Verdict.class));
        } catch (IllegalArgumentException e) {
            LOG.warnf("a verdict cannot be read and is put aside: %s", e.getMessage());
            records.putAside(Topics.VERDICTS, key, value, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private @Nullable Plan plan(Verdict verdict) {
        return views.rollout(verdict.ref())
                .filter(state -> state.epoch() == verdict.epoch())
                .map(RolloutState::plan)
                .orElse(null);
    }

    @PreDestroy
    void close() {
        worker.close();
    }
}
