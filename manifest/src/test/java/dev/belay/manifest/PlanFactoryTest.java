// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Json;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PlanFactoryTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final String ROLLOUT = """
            environment: production
            flag: new-checkout
            template: auto@3
            control: off
            treatments: [ on ]
            """;
    private static final String TEMPLATE = """
            project: shop
            title: Auto
            owner: team
            inputs: { conversion: { metric: purchases }, errors: {} }
            stages:
              - { name: beta, to: { segment: beta }, atLeast: 1h }
              - { name: all, to: 100%, control: 5%, atLeast: 1h }
            advance: { only: [ { days: Mon, from: "09:00", to: "17:00", zone: UTC } ] }
            guardrails:
              - { metric: { input: conversion }, falls: 20% }
              - { metric: { input: errors }, rises: 30% }
              - { metric: crashes, rises: 10%, name: app-crashes }
            tell: [ oncall ]
            """;

    @Test
    void copiesTheTemplateAndTheMetricsItUses() {
        Plan plan = plan(
                ROLLOUT + "inputs: { errors: { metric: js-errors } }",
                TEMPLATE,
                "purchases",
                "js-errors",
                "crashes",
                "unused");

        assertThat(plan.template()).isEqualTo("sample@3");
        assertThat(plan.title()).isEqualTo("Auto");
        assertThat(plan.control()).isEqualTo("off");
        assertThat(plan.treatments()).containsExactly("on");
        assertThat(plan.only()).hasSize(1);
        assertThat(plan.stages()).hasSize(2);
        assertThat(plan.guardrails())
                .extracting(guardrail -> guardrail.name() + " judges " + guardrail.metric())
                .containsExactly(
                        "conversion judges purchases", "errors judges js-errors", "app-crashes judges crashes");
        assertThat(plan.metrics())
                .extracting(MetricDefinition::name)
                .containsExactly("purchases", "js-errors", "crashes");
        assertThat(plan.tell()).containsExactly("oncall");
        assertThat(plan.alpha()).isEqualTo(Plan.ALPHA);
    }

    @Test
    void takesTheMetricOfTheRolloutBeforeTheDefault() {
        Plan plan = plan(
                ROLLOUT + "inputs: { errors: { metric: js-errors }, conversion: { metric: trials } }",
                TEMPLATE,
                "trials",
                "js-errors",
                "crashes");

        assertThat(plan.guardrails().get(0).metric()).isEqualTo("trials");
        assertThat(plan.guardrails().get(0).limit()).isEqualTo(Guardrail.Limit.FALLS);
    }

    @Test
    void refusesInputsAndMetricsThatAreNotThere() {
        assertThat(refusals(ROLLOUT + "inputs: { conversoin: { metric: m } }", TEMPLATE, "purchase"))
                .containsExactly(
                        "spec.inputs.conversoin must be an input of template sample; did you mean conversion?, was conversoin",
                        "spec.template.guardrails[0].metric must name a metric of the project; did you mean purchase?, was"
                                + " purchases",
                        "spec.inputs.errors is required: template sample has no default, was null",
                        "spec.template.guardrails[2].metric must name a metric of the project; known here: purchase, was"
                                + " crashes");
        assertThat(refusals(
                        ROLLOUT + "inputs: { errors: { metric: m } }",
                        TEMPLATE + "goals: [ revenue ]",
                        "purchases",
                        "crashes"))
                .containsExactly(
                        "spec.inputs.errors.metric must name a metric of the project; known here: purchases, crashes, was m",
                        "spec.template.goals[0] must name a metric of the project; known here: purchases, crashes, was"
                                + " revenue");
    }

    @Test
    void supportsWhatIsInTheStoryAndListsAllThatIsNot() {
        Plan plain = plan(
                ROLLOUT + "inputs: { errors: { metric: js-errors } }", TEMPLATE, "purchases", "js-errors", "crashes");
        assertThat(NotYetSupported.fieldsOf(plain)).isEmpty();

        String template = """
                project: shop
                stages: [ { name: all, to: 100%, atLeast: 1h, approval: { by: releaser } } ]
                guardrails:
                  - { metric: latency, rises: 15%, then: hold }
                  - { metric: crashes, above: 50, within: 5m, then: notify }
                  - { metric: purchases, falls: 15%, then: observe, scope: segment }
                goals: [ purchases ]
                watchBy: [ country ]
                """;
        Map<String, MetricDefinition> metrics = metrics("crashes", "purchases");
        metrics.put(
                "latency",
                Manifests.parseOne(
                                Samples.document(
                                                "Metric",
                                                "{ project: shop, kind: quantile, quantile: 0.9, event: e, goodWhen: down }")
                                        .replace("sample", "latency"),
                                MetricDocument.class)
                        .toDefinition(1, NOON));
        Plan plan = PlanFactory.plan(rollout(ROLLOUT.replace("[ on ]", "[ on, other ]")), template(template), metrics);

        assertThat(NotYetSupported.fieldsOf(plan))
                .extracting(ManifestError::sentence)
                .containsExactly(
                        "spec.template.guardrails[1].above of a metric of kind rate is not supported yet, was crashes",
                        "spec.template.goals is not supported yet, was purchases");
    }

    @Test
    void freezesHowTheOutcomesOfItsMetricsCount() {
        Map<String, MetricDefinition> metrics = metrics("js-errors", "crashes");
        metrics.replaceAll((name, metric) -> metric.counting(MetricDefinition.Mode.CLUSTERED));
        metrics.put(
                "purchases",
                Manifests.parseOne(
                                Samples.document(
                                                "Metric",
                                                "{ project: shop, kind: conversion, event: e, within: 1h, goodWhen: up, mode: matured }")
                                        .replace("sample", "purchases"),
                                MetricDocument.class)
                        .toDefinition(1, NOON));
        Plan plan = PlanFactory.plan(
                rollout(ROLLOUT + "inputs: { errors: { metric: js-errors } }"), template(TEMPLATE), metrics);

        assertThat(Json.read(Json.write(plan), Plan.class).metrics())
                .extracting(MetricDefinition::mode)
                .containsExactly(
                        MetricDefinition.Mode.MATURED,
                        MetricDefinition.Mode.CLUSTERED,
                        MetricDefinition.Mode.CLUSTERED);
    }

    private static Plan plan(String rollout, String template, String... metrics) {
        return PlanFactory.plan(rollout(rollout), template(template), metrics(metrics));
    }

    private static List<String> refusals(String rollout, String template, String... metrics) {
        return catchThrowableOfType(ManifestException.class, () -> plan(rollout, template, metrics)).errors().stream()
                .map(ManifestError::sentence)
                .toList();
    }

    private static RolloutDocument rollout(String spec) {
        return Manifests.parseOne(Samples.document("Rollout", spec), RolloutDocument.class);
    }

    private static RolloutTemplate template(String spec) {
        return Manifests.parseOne(Samples.document("RolloutTemplate", spec), TemplateDocument.class)
                .toDefinition(3, NOON);
    }

    private static Map<String, MetricDefinition> metrics(String... names) {
        Map<String, MetricDefinition> metrics = new LinkedHashMap<>();
        for (String name : names) {
            String text = Samples.document("Metric", "{ project: shop, kind: rate, event: e, goodWhen: down }")
                    .replace("sample", name);
            metrics.put(name, Manifests.parseOne(text, MetricDocument.class).toDefinition(1, NOON));
        }
        return metrics;
    }
}
