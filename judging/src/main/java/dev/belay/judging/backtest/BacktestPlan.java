// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Duration;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.judging.attribution.ComparedPlan;

/**
 * What a recording is judged by: one stage, with the recording's own share of treatment, and guardrails as a template has
 * them.
 *
 * @param guardrails all guardrails, also those that the recording has nothing about: they have their part of alpha
 * @param metrics their metrics; those that the recording is about count outcomes named {@link #EVENT}
 * @param watchBy dimensions whose segments are judged too
 * @param sensitivity how much harm inside the limits is tolerated
 */
public record BacktestPlan(
        List<Guardrail> guardrails, List<MetricDefinition> metrics, List<String> watchBy, Sensitivity sensitivity) {
    /** Name of the outcomes that a recording has. */
    public static final String EVENT = "converted";

    static final String CONTROL = "control";
    static final String TREATMENT = "treatment";

    private static final double ALL = 100;
    /** A share that leaves both arms something: without both, a clause is never compared. */
    private static final double LEAST_PERCENT = 1e-6;

    /** @throws IllegalArgumentException if no guardrail compares what the recording is about */
    public BacktestPlan {
        guardrails = List.copyOf(guardrails);
        metrics = List.copyOf(metrics);
        watchBy = List.copyOf(watchBy);
        Require.nonNull(sensitivity, "sensitivity");
        Plan plan = plan(guardrails, metrics, watchBy, sensitivity, ALL / 2);
        Require.that(
                guardrails.stream().anyMatch(each -> isAboutRecording(plan, each)),
                "guardrails",
                "must compare what the recording is about with falls or rises",
                guardrails.stream().map(Guardrail::name).toList());
    }

    /** @param treated share of the units that are treated, 0 to 1 */
    Plan plan(double treated) {
        double percent = Math.min(ALL - LEAST_PERCENT, Math.max(LEAST_PERCENT, treated * ALL));
        return plan(guardrails, metrics, watchBy, sensitivity, percent);
    }

    /** Returns the first guardrail that compares what the recording is about. */
    Guardrail first() {
        Plan plan = plan(ALL / 2 / ALL);
        return guardrails.stream()
                .filter(each -> isAboutRecording(plan, each))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isAboutRecording(Plan plan, Guardrail guardrail) {
        MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
        return metric.event().equals(EVENT)
                && ComparedPlan.isCompared(guardrail, metric)
                && !ComparedPlan.isValued(metric);
    }

    private static Plan plan(
            List<Guardrail> guardrails,
            List<MetricDefinition> metrics,
            List<String> watchBy,
            Sensitivity sensitivity,
            double percent) {
        Stage stage = new Stage(
                "recording", Audience.percent(percent), null, Duration.ZERO, null, AdvanceMode.BY_HAND, null, null);
        return new Plan(
                null,
                null,
                null,
                CONTROL,
                List.of(TREATMENT),
                List.of(stage),
                List.of(),
                guardrails,
                List.of(),
                watchBy,
                sensitivity,
                List.of(),
                metrics,
                Plan.ALPHA,
                Plan.BETA);
    }
}
