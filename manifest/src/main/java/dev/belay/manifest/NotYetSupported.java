// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;

/**
 * What a plan may say that a running rollout does not honour yet. A rollout is refused for it at its start, never run as
 * if it were not there.
 */
public final class NotYetSupported {
    private static final String RULE = "is not supported yet";
    private static final String TEMPLATE = "spec.template.";
    private static final Set<MetricKind> COMPARED =
            EnumSet.of(MetricKind.CONVERSION, MetricKind.RATE, MetricKind.MEAN, MetricKind.QUANTILE);
    private static final Set<MetricKind> COUNTED = EnumSet.of(MetricKind.COUNTER);

    private final List<ManifestError> errors = new ArrayList<>();

    private NotYetSupported() {}

    /** Returns every part that is not supported yet, with paths as those of {@link PlanFactory}; empty when all are. */
    public static List<ManifestError> fieldsOf(Plan plan) {
        NotYetSupported found = new NotYetSupported();
        for (int i = 0; i < plan.guardrails().size(); i++) {
            found.guardrail(plan, plan.guardrails().get(i), TEMPLATE + "guardrails[" + i + "].");
        }
        found.list("goals", plan.goals());
        return List.copyOf(found.errors);
    }

    private void guardrail(Plan plan, Guardrail guardrail, String path) {
        Set<MetricKind> judged = guardrail.isRelative() ? COMPARED : COUNTED;
        String limit = Choices.word(guardrail.limit());
        plan.metric(guardrail.metric())
                .filter(metric -> !judged.contains(metric.kind()))
                .ifPresent(metric -> add(
                        path + limit,
                        "of a metric of kind " + Choices.word(metric.kind()) + " " + RULE,
                        metric.name()));
        plan.metric(guardrail.metric())
                .filter(metric -> metric.kind() == MetricKind.MEAN && metric.within() == null)
                .ifPresent(metric -> add(path + limit, "of a mean without a window (within) " + RULE, metric.name()));
        if (!guardrail.isRelative() && guardrail.within() == null) {
            add(path + limit, "without a window (within) " + RULE, guardrail.threshold());
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
