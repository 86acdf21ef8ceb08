// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;

/** Whether the plan of a rollout may become another. */
final class PlanEdit {
    private PlanEdit() {}

    /** Returns why not; empty when it may. */
    static Optional<Refusal> refusal(RolloutState rollout, Terms terms, Plan after) {
        Plan before = Require.nonNull(rollout.plan(), "plan");
        List<String> weaker = Loosening.ofApprovals(before, after);
        if (!weaker.isEmpty()) {
            return Optional.of(Refusal.forbidden(
                    "approval-needed",
                    String.join(", ", weaker) + " cannot be taken out of a rollout that asks for it"));
        }
        List<String> locked =
                changed(before, after).stream().filter(terms.locked()::contains).toList();
        if (!locked.isEmpty()) {
            return Optional.of(Refusal.forbidden("locked", "the template locks " + String.join(", ", locked)));
        }
        List<String> fixed = fixed(rollout.status(), before, after);
        if (!fixed.isEmpty()) {
            return Optional.of(Refusal.conflict(
                    "started",
                    String.join(", ", fixed) + " of a rollout that was started cannot be edited: its evidence rests on"
                            + " it; cancel it and start again"));
        }
        return notCumulative(after);
    }

    /** Returns the names of the parts that differ, as templates call them. */
    static List<String> changed(Plan before, Plan after) {
        List<String> names = new ArrayList<>();
        compare(names, "stages", before, after, Plan::stages);
        compare(names, "only", before, after, Plan::only);
        compare(names, "guardrails", before, after, Plan::guardrails);
        compare(names, "goals", before, after, Plan::goals);
        compare(names, "watchBy", before, after, Plan::watchBy);
        compare(names, "sensitivity", before, after, Plan::sensitivity);
        compare(names, "tell", before, after, Plan::tell);
        return names;
    }

    private static List<String> fixed(RolloutStatus status, Plan before, Plan after) {
        if (status == RolloutStatus.DRAFT || status == RolloutStatus.AWAITING_APPROVAL) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        compare(names, "control", before, after, Plan::control);
        compare(names, "treatments", before, after, Plan::treatments);
        compare(names, "guardrails", before, after, Plan::guardrails);
        compare(names, "goals", before, after, Plan::goals);
        compare(names, "watchBy", before, after, Plan::watchBy);
        compare(names, "sensitivity", before, after, Plan::sensitivity);
        compare(names, "metrics", before, after, Plan::metrics);
        compare(names, "alpha", before, after, Plan::alpha);
        compare(names, "beta", before, after, Plan::beta);
        compare(names, "stages", before, after, PlanEdit::served);
        return names;
    }

    /** What decides who is served what. */
    private static List<String> served(Plan plan) {
        return plan.stages().stream().map(PlanEdit::served).toList();
    }

    private static String served(Stage stage) {
        return stage.name() + " " + stage.to() + " " + stage.control();
    }

    private static <T> void compare(List<String> names, String name, Plan before, Plan after, Function<Plan, T> part) {
        if (!part.apply(before).equals(part.apply(after))) {
            names.add(name);
        }
    }

    static Optional<Refusal> notCumulative(Plan plan) {
        try {
            StageClauses.requireCumulative(plan);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Refusal.unprocessable("not-cumulative", Require.nonNull(e.getMessage(), "message")));
        }
    }
}
