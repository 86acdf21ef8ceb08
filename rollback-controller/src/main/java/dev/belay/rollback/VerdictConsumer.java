// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.util.concurrent.CompletionStage;

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
import org.jspecify.annotations.Nullable;

/** verdict -> decide -> rollback, acknowledged only after the broker has acknowledged the rollback. */
@ApplicationScoped
public class VerdictConsumer {
    private final WorkQueue<Verdict> queue;
    private final ControllerViews views;
    private final Rollbacks rollbacks;

    VerdictConsumer(ControllerRecords records, ControllerViews views, Rollbacks rollbacks) {
        this.views = views;
        this.rollbacks = rollbacks;
        this.queue = new WorkQueue<>(
                records.settings(),
                ControllerRecords.SERVICE,
                Topics.VERDICTS,
                (key, verdict, appendedAt) -> take(Require.nonNull(verdict, "verdict")));
    }

    @Incoming("rollback-controller-verdicts")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> consume(KafkaRecord<byte[], byte[]> received) {
        return queue.take(received);
    }

    private void take(Verdict verdict) {
        RollbackDecider.decide(verdict, plan(verdict)).ifPresent(rollbacks::recordOnVerdict);
    }

    private @Nullable Plan plan(Verdict verdict) {
        return views.rollout(verdict.ref())
                .filter(state -> state.epoch() == verdict.epoch())
                .map(RolloutState::plan)
                .orElse(null);
    }

    @PreDestroy
    void close() {
        queue.close();
    }
}
