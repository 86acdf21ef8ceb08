// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;

/**
 * Decides what a record gives to tell.
 *
 * <p>Records are states, not changes: each says again what is still true. Transitions have names, and whoever keeps them
 * tells each once.
 */
public final class TellingDecider {
    /** What is older is history: a new installation of the notifier does not tell it. */
    public static final Duration NEWS = Duration.ofHours(24);

    private TellingDecider() {}

    /**
     * Returns what a rollout gives to tell. That it was rolled back is told by its incident.
     *
     * @param now present time
     */
    public static List<Telling> of(RolloutState state, Instant now) {
        List<Telling> tellings = new ArrayList<>();
        if (state.status().isLive() && isNews(state.allocations().get(0).since(), now)) {
            tellings.add(telling(state.id(), Occasion.STARTED, "started"));
        }
        if (state.status().isLive() && state.asked() && isNews(state.updatedAt(), now)) {
            tellings.add(telling(state.id(), Occasion.ASKED, "asked:" + state.stage()));
        }
        if (state.status() == RolloutStatus.COMPLETED && isNews(state.updatedAt(), now)) {
            tellings.add(telling(state.id(), Occasion.COMPLETED, "completed"));
        }
        return List.copyOf(tellings);
    }

    /**
     * Returns what an incident gives to tell: that something was rolled back, once the edges say so or fail to; that a
     * rollout is held, once per episode, and that it is no longer.
     *
     * @param told what was told of this incident before
     * @param now present time
     */
    public static Optional<Telling> of(Incident incident, Set<Occasion> told, Instant now) {
        Hold hold = incident.hold();
        if (hold != null) {
            return of(incident, hold, told, now);
        }
        if (!isNews(incident.openedAt(), now)) {
            return Optional.empty();
        }
        return switch (incident.status()) {
            case OPEN, RESOLVED, HEALED -> Optional.empty();
            case UNCONFIRMED ->
                told.contains(Occasion.ROLLED_BACK)
                        ? Optional.empty()
                        : Optional.of(telling(incident.id(), Occasion.UNCONFIRMED, "unconfirmed"));
            case CONFIRMED ->
                Optional.of(
                        told.contains(Occasion.UNCONFIRMED)
                                ? telling(incident.id(), Occasion.CONFIRMED_LATE, "confirmed-late")
                                : telling(incident.id(), Occasion.ROLLED_BACK, "rolled-back"));
        };
    }

    /** What healed before anybody was told of it is not worth a word. */
    private static Optional<Telling> of(Incident incident, Hold hold, Set<Occasion> told, Instant now) {
        if (!isNews(incident.updatedAt(), now)) {
            return Optional.empty();
        }
        return switch (incident.status()) {
            case OPEN -> Optional.of(telling(incident.id(), Occasion.HELD, "held:" + hold.episode()));
            case HEALED ->
                told.contains(Occasion.HELD)
                        ? Optional.of(telling(incident.id(), Occasion.HEALED, "healed:" + hold.episode()))
                        : Optional.empty();
            case CONFIRMED, UNCONFIRMED, RESOLVED -> Optional.empty();
        };
    }

    private static Telling telling(String subject, Occasion occasion, String what) {
        return new Telling(subject, occasion, subject + "#" + what);
    }

    private static boolean isNews(Instant at, Instant now) {
        return at.isAfter(now.minus(NEWS));
    }
}
