// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a template asks for at start, and what stands in its place. */
class TemplateInputsTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final String TEMPLATE = """
            project: shop
            inputs:
              conversion: { metric: purchases }
              drop: { type: percent, default: 20% }
              soak: { type: duration, default: 1h }
              group: { type: segment, default: beta }
              users: { type: number }
            stages:
              - { name: first, to: { segment: { input: group } }, control: 50%, atLeast: { input: soak } }
              - { name: half, to: 50%, atLeast: { input: soak }, minUsers: { input: users } }
            guardrails:
              - { metric: { input: conversion }, falls: { input: drop } }
            locked: [ guardrails ]
            defaultFor: { tags: [ checkout ] }
            """;
    private static final String ROLLOUT =
            "environment: production\nflag: f\ntemplate: sample\ncontrol: off\ntreatments: [ on ]\n";

    @Test
    void valuesStandInThePlaceOfTheirInputs() {
        Plan plan = plan(
                "inputs: { drop: { value: 5% }, soak: { value: 2d }, group: { value: vip }, users: { value: 700 } }");

        assertThat(plan.guardrails().get(0).threshold()).isEqualTo(0.05);
        assertThat(plan.stages())
                .allSatisfy(stage -> assertThat(stage.atLeast()).isEqualTo(Duration.ofDays(2)));
        assertThat(plan.stages().get(0).to().segment()).isEqualTo("vip");
        assertThat(plan.stages().get(1).minUsers()).isEqualTo(700);
    }

    @Test
    void whatIsLeftOutTakesItsDefault() {
        Plan plan = plan("inputs: { users: { value: 1 } }");

        assertThat(plan.guardrails().get(0).threshold()).isEqualTo(0.2);
        assertThat(plan.guardrails().get(0).metric()).isEqualTo("purchases");
        assertThat(plan.stages().get(0).to().segment()).isEqualTo("beta");
        assertThat(plan.stages().get(0).atLeast()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void wrongAndMissingValuesAreSaidAllAtOnce() {
        assertThat(refusals("inputs: { drop: { value: many }, soak: { value: 2 } }"))
                .containsExactlyInAnyOrder(
                        "spec.inputs.drop.value must be a percentage such as 20%, was many",
                        "spec.inputs.soak.value must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 2",
                        "spec.inputs.users is required: template sample has no default, was null");
        assertThat(refusals("inputs: { users: { value: 0.5 } }"))
                .containsExactly("spec.template.stages[1].minUsers must be a positive whole number, was 0.5");
        assertThat(refusals("inputs: { users: { value: 5 }, drop: { value: 100% } }"))
                .singleElement()
                .asString()
                .startsWith("spec.template.guardrails[0].falls must be above 0% and below 100%");
    }

    @Test
    void aTemplateKeepsItsFormWithItsInputs() {
        RolloutTemplate template = template(TEMPLATE);
        RolloutTemplate again = Json.read(Json.write(template), RolloutTemplate.class);
        assertThat(again).isEqualTo(template);
        JsonNode form = ManifestForm.of(again);
        assertThat(form.at("/spec/guardrails/0/falls/input").asText()).isEqualTo("drop");
        assertThat(Manifests.parseOne(form.toString(), TemplateDocument.class).toDefinition(3, NOON))
                .isEqualTo(template);
        assertThat(template.locked()).containsExactly("guardrails");
        assertThat(template.defaultFor()).isEqualTo(new RolloutTemplate.DefaultFor(false, List.of("checkout")));
    }

    @Test
    void aTemplateWrittenBeforeInputsHadTypesIsReadAsItWas() {
        RolloutTemplate old = Json.read("""
                {"project":"shop","name":"old","version":2,"inputs":{"c":{"metric":"purchases"},"d":{}},
                 "stages":[{"name":"all","to":{"percent":100.0},"atLeast":"PT1H","advance":"proven"}],
                 "advance":{"when":"proven","only":[]},"guardrails":[],"goals":[],"watchBy":[],
                 "sensitivity":"balanced","tell":[],"updatedAt":"2026-03-02T12:00:00Z"}
                """, RolloutTemplate.class);
        assertThat(old.inputs())
                .isEqualTo(Map.of(
                        "c", RolloutTemplate.Input.ofMetric("purchases"), "d", RolloutTemplate.Input.ofMetric(null)));
        assertThat(old.locked()).isEmpty();
        assertThat(old.source()).isNull();
    }

    @Test
    void whatIsWrongWithAnInputIsSaidWhereItStands() {
        assertThat(templateRefusals("inputs: { x: { type: percent, default: ten } }"))
                .contains("spec.inputs.x.default must be a percentage such as 20%, was ten");
        assertThat(templateRefusals("inputs: { x: { type: percent, metric: m } }"))
                .anyMatch(refusal -> refusal.contains("belongs to inputs without a type"));
        assertThat(templateRefusals("locked: [ stage ]"))
                .anyMatch(refusal -> refusal.startsWith("spec.locked[0] must be one of stages, only, guardrails"));
    }

    @Test
    void aRolloutThatNamesNoTemplateAsksForTheDefault() {
        RolloutDocument rollout = Manifests.parseOne(
                Samples.document("Rollout", ROLLOUT.replace("template: sample\n", "")), RolloutDocument.class);
        assertThat(rollout.template()).isEqualTo(TemplateReference.DEFAULT);
    }

    @Test
    void aDayMayEndAtTwentyFour() {
        RolloutTemplate template = template("""
                project: shop
                stages: [ { name: all, to: 100%, atLeast: 1h } ]
                advance: { only: [ { days: Mon-Fri, from: "00:00", to: "24:00", zone: UTC } ] }
                """);
        assertThat(template.advance().only().get(0).to()).isEqualTo(LocalTime.MAX);
    }

    static List<String> library() {
        return TemplateLibrary.names();
    }

    @ParameterizedTest
    @MethodSource("library")
    void everyTemplateOfTheLibraryMakesAPlan(String name) {
        JsonNode document = TemplateLibrary.document(name, "shop").orElseThrow();
        RolloutTemplate template =
                Manifests.parseOne(document.toString(), TemplateDocument.class).toDefinition(1, NOON);
        String inputs = "inputs: {"
                + String.join(
                        ", ",
                        template.inputs().entrySet().stream()
                                .filter(input -> input.getValue().type() == null)
                                .map(input -> input.getKey() + ": { metric: purchases }")
                                .toList())
                + "}";
        Plan plan = PlanFactory.plan(rollout(inputs), template, metrics());
        assertThat(NotYetSupported.fieldsOf(plan)).isEmpty();
        assertThat(template.project()).isEqualTo("shop");
        assertThat(template.name()).isEqualTo(name);
    }

    private static Plan plan(String inputs) {
        return PlanFactory.plan(rollout(inputs), template(TEMPLATE), metrics());
    }

    private static List<String> refusals(String inputs) {
        return catchThrowableOfType(ManifestException.class, () -> plan(inputs)).errors().stream()
                .map(ManifestError::sentence)
                .toList();
    }

    private static List<String> templateRefusals(String more) {
        String text = "project: shop\nstages: [ { name: all, to: 100%, atLeast: 1h } ]\n" + more;
        return catchThrowableOfType(ManifestException.class, () -> template(text)).errors().stream()
                .map(ManifestError::sentence)
                .toList();
    }

    private static RolloutDocument rollout(String more) {
        return Manifests.parseOne(Samples.document("Rollout", ROLLOUT + more), RolloutDocument.class);
    }

    private static RolloutTemplate template(String spec) {
        return Manifests.parseOne(Samples.document("RolloutTemplate", spec), TemplateDocument.class)
                .toDefinition(3, NOON);
    }

    private static Map<String, MetricDefinition> metrics() {
        Map<String, MetricDefinition> metrics = new LinkedHashMap<>();
        String text = Samples.document("Metric", "{ project: shop, kind: rate, event: e, goodWhen: down }")
                .replace("sample", "purchases");
        metrics.put("purchases", Manifests.parseOne(text, MetricDocument.class).toDefinition(1, NOON));
        return metrics;
    }
}
