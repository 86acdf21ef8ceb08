// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.decision.TellingDecider;
import dev.belay.notifier.deliveries.Deliveries;
import dev.belay.notifier.message.HoldMessages;
import dev.belay.notifier.message.IncidentMessages;
import dev.belay.notifier.message.RolloutMessages;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.message.Surroundings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Puts what is worth telling into the deliveries of every channel that wants it, in one transaction. */
@ApplicationScoped
public class Teller {
    private final Channels channels;
    private final Deliveries deliveries;
    private final @Nullable URI console;

    Teller(
            Channels channels,
            Deliveries deliveries,
            @ConfigProperty(name = "belay.console.url") Optional<URI> console) {
        this.channels = channels;
        this.deliveries = deliveries;
        this.console = console.orElse(null);
    }

    /** Tells what a rollout gives to tell. */
    @Transactional
    public void tell(RolloutState state) {
        Plan plan = state.plan();
        if (plan == null || plan.tell().isEmpty()) {
            return;
        }
        for (Telling telling : TellingDecider.of(state, Instant.now())) {
            add(state.ref(), telling, plan.tell(), () -> message(telling, state, plan));
        }
    }

    /** @param rollout the flag's rollout; null when it has none */
    @Transactional
    public void tell(Incident incident, @Nullable RolloutState rollout) {
        FlagRef flag = incident.ref();
        deliveries.lock(incident.id());
        TellingDecider.of(incident, deliveries.told(incident.id()), Instant.now())
                .ifPresent(telling -> add(
                        flag,
                        telling,
                        audience(incident, flag),
                        () -> message(telling, incident, new Surroundings(about(rollout, incident), console))));
    }

    private void add(FlagRef flag, Telling telling, List<String> audience, Supplier<SlackMessage> message) {
        if (!audience.isEmpty()) {
            deliveries.add(flag, telling, audience, message.get());
        }
    }

    /** Outside of a rollout nobody has said who is to be told: then every channel of the project is, and so for a hold. */
    private List<String> audience(Incident incident, FlagRef flag) {
        boolean isForAll = incident.stage() == null || incident.hold() != null;
        return isForAll && incident.tell().isEmpty() ? channels.names(flag.project()) : incident.tell();
    }

    private static @Nullable RolloutState about(@Nullable RolloutState rollout, Incident incident) {
        return rollout != null && rollout.epoch() == incident.epoch() ? rollout : null;
    }

    private SlackMessage message(Telling telling, RolloutState state, Plan plan) {
        return switch (telling.occasion()) {
            case STARTED -> RolloutMessages.started(state, plan, console);
            case ASKED -> RolloutMessages.asked(state, plan, console);
            case COMPLETED -> RolloutMessages.completed(state, plan, console);
            case ROLLED_BACK, UNCONFIRMED, CONFIRMED_LATE, HELD, HEALED -> throw misplaced(telling);
        };
    }

    private static SlackMessage message(Telling telling, Incident incident, Surroundings surroundings) {
        return switch (telling.occasion()) {
            case ROLLED_BACK -> IncidentMessages.rolledBack(incident, surroundings);
            case UNCONFIRMED -> IncidentMessages.unconfirmed(incident, surroundings);
            case CONFIRMED_LATE -> IncidentMessages.confirmedLate(incident, surroundings);
            case HELD -> HoldMessages.held(incident, surroundings);
            case HEALED -> HoldMessages.healed(incident, surroundings);
            case STARTED, ASKED, COMPLETED -> throw misplaced(telling);
        };
    }

    private static IllegalStateException misplaced(Telling telling) {
        return new IllegalStateException("no message for " + telling);
    }
}
