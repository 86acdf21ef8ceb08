// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.jspecify.annotations.Nullable;

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
     * @param told what was told of this rollout before
     * @param now present time
     */
    public static List<Telling> of(RolloutState state, Told told, Instant now) {
        boolean isNews = isNews(state.updatedAt(), now);
        List<Telling> tellings = new ArrayList<>();
        if (state.status().isLive()) {
            if (isNews(state.allocations().get(0).since(), now)) {
                tellings.add(telling(state, Occasion.STARTED, "started"));
            }
            int stage = state.stage();
            if (stage > state.allocations().get(0).stage() && isNews(entered(state, stage), now)) {
                tellings.add(telling(state, Occasion.ADVANCED, "advanced:" + stage));
            }
            if (state.asked() && isNews) {
                tellings.add(telling(state, Occasion.ASKED, "asked:" + stage));
            }
            if (isNews) {
                addPause(state, told, tellings);
            }
        } else if (isNews) {
            addEnd(state, tellings);
        }
        return List.copyOf(tellings);
    }

    /** Pauses have no number of their own: the version that told one names it, and an older record tells none. */
    private static void addPause(RolloutState state, Told told, List<Telling> tellings) {
        long paused = told.version(Occasion.PAUSED);
        long resumed = told.version(Occasion.RESUMED);
        boolean isLater = state.version() > Math.max(paused, resumed);
        if (isLater && state.status() == RolloutStatus.PAUSED && paused <= resumed) {
            tellings.add(telling(state, Occasion.PAUSED, "paused:" + state.version()));
        }
        if (isLater && state.status() == RolloutStatus.RUNNING && paused > resumed) {
            tellings.add(telling(state, Occasion.RESUMED, "resumed:" + state.version()));
        }
    }

    private static void addEnd(RolloutState state, List<Telling> tellings) {
        switch (state.status()) {
            case AWAITING_APPROVAL -> tellings.add(telling(state, Occasion.AWAITING_APPROVAL, "awaiting-approval"));
            case COMPLETED -> tellings.add(telling(state, Occasion.COMPLETED, "completed"));
            case CANCELLED -> {
                if (!state.allocations().isEmpty()) {
                    tellings.add(telling(state, Occasion.CANCELLED, "cancelled"));
                }
            }
            case DRAFT, SCHEDULED, RUNNING, PAUSED, ROLLED_BACK, RESTORED -> {}
        }
    }

    private static Instant entered(RolloutState state, int stage) {
        return state.allocations().stream()
                .filter(allocation -> allocation.stage() == stage)
                .map(Allocation::since)
                .findFirst()
                .orElse(state.updatedAt());
    }

    /**
     * Returns what an incident gives to tell: that something was rolled back, once the edges say so or fail to; that a
     * person is on it or said that it is over; that a rollout is held, once per episode, and that it is no longer.
     *
     * @param told what was told of this incident before
     * @param now present time
     */
    public static List<Telling> of(Incident incident, Told told, Instant now) {
        Hold hold = incident.hold();
        List<Telling> tellings = new ArrayList<>();
        if (hold != null) {
            addHold(incident, hold, told, now, tellings);
        } else {
            addRollback(incident, told, now, tellings);
        }
        boolean isTold = !tellings.isEmpty() || !told.versions().isEmpty();
        if (isTold && isNews(incident.updatedAt(), now)) {
            addPeople(incident, hold, tellings);
        }
        return List.copyOf(tellings);
    }

    private static void addRollback(Incident incident, Told told, Instant now, List<Telling> tellings) {
        if (!isNews(incident.openedAt(), now)) {
            return;
        }
        switch (incident.status()) {
            case OPEN, RESOLVED, HEALED -> {}
            case UNCONFIRMED -> {
                if (!told.has(Occasion.ROLLED_BACK)) {
                    tellings.add(telling(incident, Occasion.UNCONFIRMED, "unconfirmed"));
                }
            }
            case CONFIRMED ->
                tellings.add(
                        told.has(Occasion.UNCONFIRMED)
                                ? telling(incident, Occasion.CONFIRMED_LATE, "confirmed-late")
                                : telling(incident, Occasion.ROLLED_BACK, "rolled-back"));
        }
    }

    /** What healed before anybody was told of it is not worth a word. */
    private static void addHold(Incident incident, Hold hold, Told told, Instant now, List<Telling> tellings) {
        if (!isNews(incident.updatedAt(), now)) {
            return;
        }
        switch (incident.status()) {
            case OPEN -> tellings.add(telling(incident, Occasion.HELD, "held:" + hold.episode()));
            case HEALED -> {
                if (told.has(Occasion.HELD)) {
                    tellings.add(telling(incident, Occasion.HEALED, "healed:" + hold.episode()));
                }
            }
            case CONFIRMED, UNCONFIRMED, RESOLVED -> {}
        }
    }

    private static void addPeople(Incident incident, @Nullable Hold hold, List<Telling> tellings) {
        String episode = hold == null ? "" : ":" + hold.episode();
        if (incident.acknowledgedBy() != null && incident.status() != Incident.Status.HEALED) {
            tellings.add(telling(incident, Occasion.ACKNOWLEDGED, "acknowledged" + episode));
        }
        if (incident.status() == Incident.Status.RESOLVED) {
            tellings.add(telling(incident, Occasion.RESOLVED, "resolved" + episode));
        }
    }

    private static Telling telling(RolloutState state, Occasion occasion, String what) {
        return new Telling(state.id(), occasion, state.id() + "#" + what, state.version());
    }

    private static Telling telling(Incident incident, Occasion occasion, String what) {
        return new Telling(incident.id(), occasion, incident.id() + "#" + what, incident.version());
    }

    private static boolean isNews(Instant at, Instant now) {
        return at.isAfter(now.minus(NEWS));
    }
}
