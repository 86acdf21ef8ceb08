// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.served.Served;
import org.jspecify.annotations.Nullable;

/**
 * Opens an incident for a rollback and follows the edges until all of them serve it. Holds are {@link HoldDecider}'s.
 *
 * <p>Pure. Each function returns the next incident, or nothing when nothing changed, so that a repeated report writes no
 * record.
 */
public final class IncidentDecider {
    private IncidentDecider() {}

    /**
     * Opens the incident of a rollback.
     *
     * @param writtenAt when the rollback was on the log; null when not known
     * @param rollout the flag's rollout; null when it is not known
     * @param live what the edges that are alive serve for the flag
     * @param liveEdges names of the edges that are alive
     * @param now when it is opened
     */
    public static Incident open(
            Rollback rollback,
            @Nullable Instant writtenAt,
            @Nullable RolloutState rollout,
            List<Served> live,
            Set<String> liveEdges,
            Instant now) {
        Plan plan = rollout == null || rollout.epoch() != rollback.epoch() ? null : rollout.plan();
        Incident opened = new Incident(
                rollback.recordKey(),
                1,
                Incident.Status.OPEN,
                rollback,
                stage(rollout, plan, rollback),
                plan == null ? null : plan.template(),
                plan == null ? null : plan.owner(),
                plan == null ? List.of() : plan.tell(),
                sorted(liveEdges),
                List.of(),
                rollback.at(),
                null,
                null,
                null,
                now,
                null,
                Steps.begin(rollback, writtenAt));
        Incident current = opened;
        for (Served served : live) {
            current = onServed(current, served, now).orElse(current);
        }
        return current;
    }

    /** Takes in what an edge serves. */
    public static Optional<Incident> onServed(Incident incident, Served served, Instant now) {
        Rollback rollback = incident.rollback();
        boolean known = incident.confirmed().contains(served.edge());
        if (rollback == null || known || isOver(incident) || !Confirmation.isGivenBy(served, rollback)) {
            return Optional.empty();
        }
        List<String> edges = with(incident.edges(), served.edge());
        List<String> confirmed = with(incident.confirmed(), served.edge());
        boolean all = confirmed.containsAll(edges);
        Instant confirmedAt = later(incident.confirmedAt(), earlier(served.at(), now));
        return Optional.of(new Incident(
                incident.id(),
                incident.version() + 1,
                all ? Incident.Status.CONFIRMED : incident.status(),
                rollback,
                incident.stage(),
                incident.template(),
                incident.owner(),
                incident.tell(),
                edges,
                confirmed,
                incident.openedAt(),
                confirmedAt,
                all ? evidenceToOff(rollback, confirmedAt) : null,
                incident.acknowledgedBy(),
                now,
                null,
                Steps.confirmed(incident.chain(), rollback, served, all ? confirmedAt : null, now)));
    }

    /**
     * Notices that the edges take too long.
     *
     * @param patience how long after the opening an edge may take
     */
    public static Optional<Incident> onTick(Incident incident, Duration patience, Instant now) {
        boolean late = incident.status() == Incident.Status.OPEN
                && incident.hold() == null
                && now.isAfter(incident.openedAt().plus(patience));
        return late
                ? Optional.of(with(incident, Incident.Status.UNCONFIRMED, incident.acknowledgedBy(), now))
                : Optional.empty();
    }

    /** A person says: I am on it. */
    public static Optional<Incident> onAcknowledged(Incident incident, String by, Instant now) {
        return incident.acknowledgedBy() == null && incident.status() != Incident.Status.RESOLVED
                ? Optional.of(with(incident, incident.status(), by, now))
                : Optional.empty();
    }

    /** A person says: it is over. */
    public static Optional<Incident> onResolved(Incident incident, String by, Instant now) {
        return incident.status() == Incident.Status.RESOLVED
                ? Optional.empty()
                : Optional.of(with(incident, Incident.Status.RESOLVED, by, now));
    }

    private static boolean isOver(Incident incident) {
        return switch (incident.status()) {
            case CONFIRMED, RESOLVED, HEALED -> true;
            case OPEN, UNCONFIRMED -> false;
        };
    }

    private static @Nullable String stage(@Nullable RolloutState rollout, @Nullable Plan plan, Rollback rollback) {
        if (plan == null || rollout == null) {
            return null;
        }
        int index = rollback.verdict() == null
                ? rollout.stage()
                : rollback.verdict().stage();
        return index < 0 || index >= plan.stages().size()
                ? null
                : plan.stages().get(index).name();
    }

    private static @Nullable Long evidenceToOff(Rollback rollback, Instant confirmedAt) {
        Instant evidenceAt =
                rollback.verdict() == null ? null : rollback.verdict().evidenceAt();
        return evidenceAt == null
                ? null
                : Math.max(0, Duration.between(evidenceAt, confirmedAt).toMillis());
    }

    static Incident with(Incident incident, Incident.Status status, @Nullable String acknowledgedBy, Instant now) {
        return new Incident(
                incident.id(),
                incident.version() + 1,
                status,
                incident.rollback(),
                incident.stage(),
                incident.template(),
                incident.owner(),
                incident.tell(),
                incident.edges(),
                incident.confirmed(),
                incident.openedAt(),
                incident.confirmedAt(),
                incident.evidenceToOffMillis(),
                acknowledgedBy,
                now,
                incident.hold(),
                incident.chain());
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    /** No edge has served anything in the future, whatever its clock says. */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static List<String> with(Collection<String> names, String name) {
        Set<String> all = new TreeSet<>(names);
        all.add(name);
        return List.copyOf(all);
    }

    private static List<String> sorted(Collection<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }
}
