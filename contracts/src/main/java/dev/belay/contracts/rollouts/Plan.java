// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.belay.contracts.Require;
import dev.belay.contracts.metrics.MetricDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A template as one rollout uses it, with the metrics it rests on: a copy that no later edit changes.
 *
 * @param template {@code name@version} of the template; null when the rollout brought its own
 * @param title for people; null when there is none
 * @param owner mentioned in alerts; null when there is none
 * @param control variant that is compared with
 * @param treatments variants that are raised, at least one, none of them control
 * @param stages at least one, with unique names
 * @param only windows in which raises are allowed; empty for always
 * @param guardrails with unique names
 * @param goals metrics reported at the end
 * @param watchBy dimensions whose segments are judged too
 * @param sensitivity how much harm inside the limits is tolerated
 * @param tell names of channels
 * @param metrics copies of the metrics that guardrails and goals name
 * @param alpha greatest probability that a harmless rollout is ever rolled back, above 0 and below 1
 * @param beta greatest probability that harm beyond a limit is called healthy, per guardrail, above 0 and below 1
 */
public record Plan(
        @Nullable String template,
        @Nullable String title,
        @Nullable String owner,
        String control,
        List<String> treatments,
        List<Stage> stages,
        List<Window> only,
        List<Guardrail> guardrails,
        List<String> goals,
        List<String> watchBy,
        Sensitivity sensitivity,
        List<String> tell,
        List<MetricDefinition> metrics,
        double alpha,
        double beta) {
    /** Default of {@code alpha}. */
    public static final double ALPHA = 0.01;

    /** Default of {@code beta}. */
    public static final double BETA = 0.05;

    /** @throws IllegalArgumentException if a part is missing, out of range, or names something the plan lacks */
    public Plan {
        Require.name(control, "control");
        treatments = List.copyOf(Require.notEmpty(treatments, "treatments"));
        Require.that(!treatments.contains(control), "treatments", "must not name control", control);
        unique(treatments, "treatments");
        stages = List.copyOf(Require.notEmpty(stages, "stages"));
        unique(stages.stream().map(Stage::name).toList(), "stages");
        only = only == null ? List.of() : List.copyOf(only);
        guardrails = guardrails == null ? List.of() : List.copyOf(guardrails);
        unique(guardrails.stream().map(Guardrail::name).toList(), "guardrails");
        goals = goals == null ? List.of() : List.copyOf(goals);
        watchBy = watchBy == null ? List.of() : List.copyOf(watchBy);
        sensitivity = sensitivity == null ? Sensitivity.BALANCED : sensitivity;
        tell = tell == null ? List.of() : List.copyOf(tell);
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        Set<String> known =
                new HashSet<>(metrics.stream().map(MetricDefinition::name).toList());
        guardrails.forEach(guardrail -> Require.that(
                known.contains(guardrail.metric()), "guardrail.metric", "must be one of " + known, guardrail.metric()));
        Require.that(alpha > 0 && alpha < 1, "alpha", "must lie in (0, 1)", alpha);
        Require.that(beta > 0 && beta < 1, "beta", "must lie in (0, 1)", beta);
    }

    /** Returns the plan's copy of a metric. */
    public Optional<MetricDefinition> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    private static void unique(List<String> names, String field) {
        Set<String> seen = new HashSet<>();
        names.forEach(name -> Require.that(seen.add(name), field, "must be unique", name));
    }
}
