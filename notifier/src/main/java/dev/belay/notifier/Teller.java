// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.decision.TellingDecider;
import dev.belay.notifier.deliveries.Deliveries;
import dev.belay.notifier.message.IncidentNotices;
import dev.belay.notifier.message.RolloutMessages;
import dev.belay.notifier.message.Surroundings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Puts what is worth telling into the deliveries of every channel that wants it, in one transaction. */
@ApplicationScoped
public class Teller {
    private final NotifierKafka kafka;
    private final Deliveries deliveries;
    private final @Nullable URI console;

    Teller(
            NotifierKafka kafka,
            Deliveries deliveries,
            @ConfigProperty(name = "belay.console.url") Optional<URI> console) {
        this.kafka = kafka;
        this.deliveries = deliveries;
        this.console = console.orElse(null);
    }

    /** Tells what a rollout gives to tell. */
    @Transactional
    public void tell(RolloutState state) {
        Plan plan = state.plan();
        if (plan == null) {
            return;
        }
        deliveries.lock(state.id());
        Deliveries.Audience audience = new Deliveries.Audience(plan.tell(), false, kafka.tags(state.ref()));
        Surroundings surroundings = new Surroundings(state, kafka.verdicts(state.ref(), state.epoch()), console);
        for (Telling telling : TellingDecider.of(state, deliveries.told(state.id()), Instant.now())) {
            deliveries.add(telling, RolloutMessages.of(telling.occasion(), state, plan, surroundings), audience);
        }
    }

    /** @param rollout the flag's rollout; null when it has none */
    @Transactional
    public void tell(Incident incident, @Nullable RolloutState rollout) {
        deliveries.lock(incident.id());
        List<Telling> tellings = TellingDecider.of(incident, deliveries.told(incident.id()), Instant.now());
        Surroundings surroundings =
                new Surroundings(about(rollout, incident), kafka.verdicts(incident.ref(), incident.epoch()), console);
        for (Telling telling : tellings) {
            deliveries.add(telling, IncidentNotices.of(telling.occasion(), incident, surroundings), audience(incident));
        }
    }

    /** Outside of a rollout nobody has said who is to be told: then every channel of the project is, and so for a hold. */
    private Deliveries.Audience audience(Incident incident) {
        boolean isForAll = incident.stage() == null || incident.hold() != null;
        return new Deliveries.Audience(
                incident.tell(), isForAll && incident.tell().isEmpty(), kafka.tags(incident.ref()));
    }

    private static @Nullable RolloutState about(@Nullable RolloutState rollout, Incident incident) {
        return rollout != null && rollout.epoch() == incident.epoch() ? rollout : null;
    }
}
