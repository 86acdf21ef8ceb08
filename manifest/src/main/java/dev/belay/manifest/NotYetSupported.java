// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Stage;

/**
 * What a plan may say that a running rollout does not honour yet. A rollout is refused for it at its start, never run as
 * if it were not there.
 */
public final class NotYetSupported {
    private static final String RULE = "is not supported yet";
    private static final String TEMPLATE = "spec.template.";
    private static final Set<MetricKind> JUDGED_METRICS = EnumSet.of(MetricKind.CONVERSION, MetricKind.RATE);
    private static final Set<Guardrail.Scope> JUDGED_SCOPES = EnumSet.of(Guardrail.Scope.AUTO, Guardrail.Scope.ALL);

    private final List<ManifestError> errors = new ArrayList<>();

    private NotYetSupported() {}

    /** Returns every part that is not supported yet, with paths as those of {@link PlanFactory}; empty when all are. */
    public static List<ManifestError> fieldsOf(Plan plan) {
        NotYetSupported found = new NotYetSupported();
        found.treatments(plan);
        found.stages(plan);
        for (int i = 0; i < plan.guardrails().size(); i++) {
            found.guardrail(plan, plan.guardrails().get(i), TEMPLATE + "guardrails[" + i + "].");
        }
        found.list("goals", plan.goals());
        found.list("watchBy", plan.watchBy());
        return List.copyOf(found.errors);
    }

    private void treatments(Plan plan) {
        if (plan.treatments().size() > 1) {
            add("spec.treatments", "with more than one variant " + RULE, String.join(", ", plan.treatments()));
        }
    }

    private void stages(Plan plan) {
        for (int i = 0; i < plan.stages().size(); i++) {
            Stage stage = plan.stages().get(i);
            if (stage.approval() != null) {
                add(
                        TEMPLATE + "stages[" + i + "].approval",
                        RULE,
                        stage.approval().by());
            }
        }
    }

    private void guardrail(Plan plan, Guardrail guardrail, String path) {
        plan.metric(guardrail.metric())
                .filter(metric -> !JUDGED_METRICS.contains(metric.kind()))
                .ifPresent(metric ->
                        add(path + "metric", "of kind " + Choices.word(metric.kind()) + " " + RULE, metric.name()));
        if (!guardrail.isRelative()) {
            add(path + Choices.word(guardrail.limit()), RULE, guardrail.threshold());
        }
        if (guardrail.then() != Guardrail.Then.ROLLBACK) {
            add(path + "then", RULE, Choices.word(guardrail.then()));
        }
        if (!JUDGED_SCOPES.contains(guardrail.scope())) {
            add(path + "scope", RULE, Choices.word(guardrail.scope()));
        }
    }

    private void list(String field, List<String> names) {
        if (!names.isEmpty()) {
            add(TEMPLATE + field, RULE, String.join(", ", names));
        }
    }

    private void add(String path, String rule, Object value) {
        errors.add(new ManifestError(path, rule, value, 0));
    }
}
