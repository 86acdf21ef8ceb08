// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.List;
import java.util.Optional;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.manifest.TemplateReference;
import dev.belay.rollouts.decision.TemplateDifference;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Compares open rollouts with their templates as they are now: a plan is a copy, and stays what it was. */
@ApplicationScoped
class Drift {
    private final Facts facts;

    Drift(Facts facts) {
        this.facts = facts;
    }

    /**
     * A rollout whose plan is not what its template says now.
     *
     * @param rollout {@code project/environment/flag#epoch}
     * @param status where it is
     * @param template {@code name@version} it was copied from
     * @param newest newest version of the template; null when the template is gone
     * @param differs names of the parts that differ; empty when only the version does
     */
    record Difference(
            String rollout,
            RolloutStatus status,
            String template,
            @Nullable Long newest,
            List<String> differs) {}

    /** Returns those that differ, in the order of the rollouts. */
    List<Difference> of(List<RolloutState> rollouts) {
        return rollouts.stream()
                .filter(rollout -> !rollout.status().isTerminal())
                .flatMap(rollout -> of(rollout).stream())
                .toList();
    }

    private Optional<Difference> of(RolloutState rollout) {
        Plan plan = rollout.plan();
        if (plan == null || plan.template() == null) {
            return Optional.empty();
        }
        TemplateReference used = TemplateReference.parse(plan.template());
        Optional<RolloutTemplate> newest = facts.template(rollout.project(), used.name());
        if (newest.isEmpty()) {
            return Optional.of(new Difference(rollout.id(), rollout.status(), used.text(), null, List.of()));
        }
        List<String> differs = TemplateDifference.between(plan, newest.get());
        boolean isNewest =
                used.version() != null && used.version() == newest.get().version();
        return isNewest && differs.isEmpty()
                ? Optional.empty()
                : Optional.of(new Difference(
                        rollout.id(),
                        rollout.status(),
                        used.text(),
                        newest.get().version(),
                        differs));
    }
}
