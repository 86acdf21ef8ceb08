// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Decides when people are told that a rollout cannot be raised, and when that is over: the dead-man switch, and what the
 * verdicts say about their data. It never takes anything out.
 *
 * <p>Pure. One incident per rollout and cause, opened again only after it had healed, so that a heartbeat tells nothing
 * twice. Its id, version and episode follow from the incident before: replicas that see the same write the same.
 */
public final class HoldDecider {
    /** Reasons that people have to know of. That evidence is still growing is none. */
    private static final Set<Reason> TOLD = EnumSet.of(
            Reason.NO_DATA,
            Reason.STALE,
            Reason.SAMPLE_RATIO_MISMATCH,
            Reason.METRIC_SILENT,
            Reason.CONTROL_FELL,
            Reason.CONTAMINATED,
            Reason.LATENESS,
            Reason.NOT_JOINED,
            Reason.ERROR);

    /** What a name may have at most. */
    private static final int LONGEST_CAUSE = 100;

    private HoldDecider() {}

    /**
     * What a look at a rollout leads to.
     *
     * @param phases per cause, to be handed in at the next look
     * @param incidents what is to be written
     */
    public record Step(Map<String, Phase> phases, List<Incident> incidents) {}

    /**
     * Looks at a rollout.
     *
     * @param phases what the last look left; empty after a start
     * @param known incidents of the flag's holds, by id
     */
    public static Step look(
            Sight sight, Map<String, Phase> phases, Map<String, Incident> known, HoldPolicy policy, Instant now) {
        Map<String, Finding> found = findings(sight, policy, now);
        boolean isJudged = !found.containsKey(Hold.NOT_JUDGED);
        Set<String> causes = new TreeSet<>(found.keySet());
        causes.addAll(phases.keySet());
        open(sight.rollout(), known)
                .forEach(incident -> causes.add(hold(incident).cause()));
        Map<String, Phase> next = new HashMap<>();
        List<Incident> incidents = new ArrayList<>();
        for (String cause : causes) {
            // Of a rollout that nobody judges nobody knows whether its data are right.
            if (!isJudged && !cause.equals(Hold.NOT_JUDGED)) {
                continue;
            }
            Phase phase = Phase.after(phases.get(cause), found.containsKey(cause), now);
            next.put(cause, phase);
            Incident before = known.get(id(sight.rollout(), cause));
            step(sight.rollout(), cause, phase, found.get(cause), before, policy, now)
                    .ifPresent(incidents::add);
        }
        return new Step(next, incidents);
    }

    /** A rollout that is over holds nothing: its incidents are, too. */
    public static Optional<Incident> onOver(Incident incident, @Nullable RolloutState rollout, Instant now) {
        boolean isOpen = incident.hold() != null && incident.status() == Incident.Status.OPEN;
        boolean isOver = rollout != null
                && (rollout.epoch() > incident.epoch()
                        || (rollout.epoch() == incident.epoch()
                                && !rollout.status().isLive()));
        return isOpen && isOver
                ? Optional.of(IncidentDecider.with(incident, Incident.Status.RESOLVED, incident.acknowledgedBy(), now))
                : Optional.empty();
    }

    /** Returns whether nobody has judged the rollout for too long. */
    public static boolean isNotJudged(Sight sight, HoldPolicy policy, Instant now) {
        return sight.isGuarded() && !now.isBefore(lastSign(sight).plus(policy.notJudgedAfter()));
    }

    private record Finding(Set<String> guardrails, Set<String> sentences, Instant since) {
        Finding(Instant since) {
            this(new TreeSet<>(), new LinkedHashSet<>(), since);
        }
    }

    private static Optional<Incident> step(
            RolloutState rollout,
            String cause,
            Phase phase,
            @Nullable Finding finding,
            @Nullable Incident before,
            HoldPolicy policy,
            Instant now) {
        Duration lasted = Duration.between(phase.since(), now);
        if (phase.isWrong() && finding != null) {
            boolean isDue = lasted.compareTo(cause.equals(Hold.NOT_JUDGED) ? Duration.ZERO : policy.holdAfter()) >= 0;
            boolean isTold = before != null && before.status() != Incident.Status.HEALED;
            return isDue && !isTold ? Optional.of(opened(rollout, cause, finding, before, now)) : Optional.empty();
        }
        if (before == null || before.status() == Incident.Status.HEALED) {
            return Optional.empty();
        }
        Duration needed = cause.equals(Hold.NOT_JUDGED) ? policy.interval() : policy.holdAfter();
        return lasted.compareTo(needed) >= 0
                ? Optional.of(IncidentDecider.with(before, Incident.Status.HEALED, before.acknowledgedBy(), now))
                : Optional.empty();
    }

    private static Incident opened(
            RolloutState rollout, String cause, Finding finding, @Nullable Incident before, Instant now) {
        Plan plan = rollout.plan();
        Hold hold = new Hold(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                cause,
                before == null ? 1 : hold(before).episode() + 1,
                List.copyOf(finding.guardrails()),
                List.copyOf(finding.sentences()),
                finding.since());
        return new Incident(
                hold.incidentId(),
                before == null ? 1 : before.version() + 1,
                Incident.Status.OPEN,
                null,
                plan == null || rollout.stage() < 0
                        ? null
                        : plan.stages().get(rollout.stage()).name(),
                plan == null ? null : plan.template(),
                plan == null ? null : plan.owner(),
                plan == null ? List.of() : plan.tell(),
                List.of(),
                List.of(),
                now,
                null,
                null,
                null,
                now,
                hold,
                null);
    }

    private static Map<String, Finding> findings(Sight sight, HoldPolicy policy, Instant now) {
        Map<String, Finding> found = new TreeMap<>();
        if (!sight.isGuarded()) {
            return found;
        }
        if (isNotJudged(sight, policy, now)) {
            found.put(Hold.NOT_JUDGED, notJudged(sight));
            return found;
        }
        for (Heard heard : sight.own()) {
            if (isPresent(heard, sight.rollout(), policy, now) && !sight.isOut(heard.verdict())) {
                note(heard.verdict(), found);
            }
        }
        return found;
    }

    /** What was said of an earlier stage, or long ago, is history. */
    private static boolean isPresent(Heard heard, RolloutState rollout, HoldPolicy policy, Instant now) {
        Verdict verdict = heard.verdict();
        return (isTold(verdict) || (verdict.stage() == rollout.stage() && verdict.decision() != Decision.BREACHED))
                && now.isBefore(heard.at().plus(policy.notJudgedAfter()));
    }

    /** A breach that takes nothing out; that of one which only observes is nobody's message. */
    private static boolean isTold(Verdict verdict) {
        return verdict.decision() == Decision.BREACHED
                && (verdict.then() == Guardrail.Then.HOLD || verdict.then() == Guardrail.Then.NOTIFY);
    }

    /** The notes stand in the order of those reasons that have one; of several guardrails that say the same, one does. */
    private static void note(Verdict verdict, Map<String, Finding> found) {
        if (isTold(verdict)) {
            String prefix = verdict.then() == Guardrail.Then.HOLD ? Hold.HOLDING : Hold.NOTIFYING;
            String cause = prefix + verdict.guardrail();
            Finding finding = found.computeIfAbsent(
                    cause.substring(0, Math.min(LONGEST_CAUSE, cause.length())), any -> new Finding(verdict.at()));
            finding.guardrails().add(verdict.guardrail());
            Optional.ofNullable(verdict.sentence()).ifPresent(finding.sentences()::add);
            return;
        }
        for (Reason reason : verdict.reasons()) {
            if (TOLD.contains(reason)) {
                Finding finding = found.computeIfAbsent(reason.name(), any -> new Finding(since(verdict)));
                finding.guardrails().add(verdict.guardrail());
                int place = noted(verdict, reason);
                if (place >= 0 && place < verdict.notes().size()) {
                    finding.sentences().add(verdict.notes().get(place));
                }
            }
        }
    }

    private static int noted(Verdict verdict, Reason reason) {
        List<Reason> told = verdict.reasons().stream().filter(TOLD::contains).toList();
        return told.indexOf(reason);
    }

    private static Instant since(Verdict verdict) {
        Instant last = verdict.lastExposureAt();
        return last == null ? verdict.at() : last;
    }

    private static Finding notJudged(Sight sight) {
        Instant since = sight.judgedAt().orElse(sight.liveSince()).truncatedTo(ChronoUnit.SECONDS);
        Finding finding = new Finding(since);
        finding.sentences()
                .add(
                        sight.judgedAt().isPresent()
                                ? "not judged since " + since + ": no verdict was said, all raises hold"
                                : "not judged since its start at " + since + ": no verdict was said, all raises hold");
        return finding;
    }

    /** A process that has just begun to listen, or that was stopped for a while, cannot know of silence yet. */
    private static Instant lastSign(Sight sight) {
        Instant judged = sight.judgedAt().orElse(sight.liveSince());
        return judged.isAfter(sight.watchingSince()) ? judged : sight.watchingSince();
    }

    private static List<Incident> open(RolloutState rollout, Map<String, Incident> known) {
        return known.values().stream()
                .filter(incident -> incident.hold() != null && incident.epoch() == rollout.epoch())
                .filter(incident -> incident.status() != Incident.Status.HEALED)
                .toList();
    }

    private static String id(RolloutState rollout, String cause) {
        return rollout.id() + "#hold:" + cause;
    }

    private static Hold hold(Incident incident) {
        Hold hold = incident.hold();
        if (hold == null) {
            throw new IllegalArgumentException("hold is required, was null in " + incident.id());
        }
        return hold;
    }
}
