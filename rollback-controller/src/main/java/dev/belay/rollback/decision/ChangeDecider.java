// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Decides when people are told that a finished rollout does other than it did while it was judged. It never takes anything out.
 *
 * <p>Pure. One incident per guardrail, opened again by a later verdict only: replicas that see the same write the same.
 */
public final class ChangeDecider {
    /** What a name may have at most. */
    private static final int LONGEST_CAUSE = 100;

    private ChangeDecider() {}

    /**
     * Returns what is to be written of a rollout.
     *
     * @param heard the latest verdict of each subject of its flag
     * @param known incidents of the flag's holds, by id
     */
    public static List<Incident> look(
            RolloutState rollout, Collection<Heard> heard, Map<String, Incident> known, Instant now) {
        if (rollout.status() != RolloutStatus.COMPLETED) {
            return List.of();
        }
        Map<String, List<Verdict>> byGuardrail = new TreeMap<>();
        heard.stream()
                .map(Heard::verdict)
                .filter(each ->
                        each.epoch() == rollout.epoch() && each.reasons().contains(Reason.CHANGED))
                .forEach(each -> byGuardrail
                        .computeIfAbsent(each.guardrail(), any -> new ArrayList<>())
                        .add(each));
        List<Incident> all = new ArrayList<>();
        byGuardrail.forEach((guardrail, verdicts) -> {
            String name = Hold.NOTIFYING + guardrail;
            String cause = name.substring(0, Math.min(LONGEST_CAUSE, name.length()));
            Incident before = known.get(rollout.id() + "#hold:" + cause);
            Hold told = before == null ? null : before.hold();
            Instant latest =
                    verdicts.stream().map(Verdict::at).max(Instant::compareTo).orElse(now);
            if (told == null || told.since().isBefore(latest)) {
                all.add(opened(rollout, cause, guardrail, verdicts, before, latest, now));
            }
        });
        return all;
    }

    private static Incident opened(
            RolloutState rollout,
            String cause,
            String guardrail,
            List<Verdict> verdicts,
            @Nullable Incident before,
            Instant latest,
            Instant now) {
        Hold told = before == null ? null : before.hold();
        Hold hold = new Hold(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                cause,
                told == null ? 1 : told.episode() + 1,
                List.of(guardrail),
                verdicts.stream()
                        .flatMap(each -> each.notes().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                latest);
        Plan plan = rollout.plan();
        return new Incident(
                hold.incidentId(),
                before == null ? 1 : before.version() + 1,
                Incident.Status.OPEN,
                null,
                null,
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
}
