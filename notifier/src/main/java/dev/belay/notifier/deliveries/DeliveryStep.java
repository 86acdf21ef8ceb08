// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.time.Instant;
import java.util.Optional;

import dev.belay.kafka.Failpoint;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.Answer;
import dev.belay.notifier.decision.DeliveryDecider;
import dev.belay.notifier.decision.DeliveryOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;

/** Sends one message and notes what came of it, in one transaction that keeps other senders off the row. */
@ApplicationScoped
public class DeliveryStep {
    private static final Logger LOG = Logger.getLogger(DeliveryStep.class);

    private final Deliveries deliveries;
    private final Channels channels;
    private final Webhooks webhooks;
    private final MeterRegistry registry;

    DeliveryStep(Deliveries deliveries, Channels channels, Webhooks webhooks, MeterRegistry registry) {
        this.deliveries = deliveries;
        this.channels = channels;
        this.webhooks = webhooks;
        this.registry = registry;
    }

    /** @return whether there was a message that was due */
    @Transactional
    public boolean sendNext() {
        Optional<DeliveryRow> due = deliveries.nextDue(Instant.now());
        due.ifPresent(this::send);
        return due.isPresent();
    }

    private void send(DeliveryRow row) {
        Failpoint.reach(Failpoint.NOTIFIER_BEFORE_SENDING);
        Answer answer = channels.address(row.project, row.channel)
                .map(address -> webhooks.post(address, row.message))
                .orElseGet(() -> new Answer.Refused("channel must exist, was " + row.channel));
        Failpoint.reach(Failpoint.NOTIFIER_AFTER_SENDING);
        Instant now = Instant.now();
        DeliveryOutcome outcome = DeliveryDecider.after(answer, row.attempts + 1, row.createdAt, now);
        row.note(outcome, now);
        registry.counter("belay.delivery.attempts", "status", outcome.status().name())
                .increment();
        LOG.infof("delivery of %s to %s/%s is %s", row.transition, row.project, row.channel, outcome);
    }
}
