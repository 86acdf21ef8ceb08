// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which edits are looser: part by part, and in doubt. */
class LooseningTest {
    private static final Plan PLAN = Given.plan(
            List.of(new Window(List.of(DayOfWeek.MONDAY), LocalTime.of(9, 0), LocalTime.of(17, 0), ZoneId.of("UTC"))),
            List.of("conversion", "errors"),
            Given.minUsers(Given.percent("canary", 5, AdvanceMode.PROVEN), 500),
            Given.approval(Given.segment("beta", 50.0, AdvanceMode.PROVEN), "releaser", 2));

    static Stream<Arguments> looser() {
        return Stream.of(
                edit("a guardrail less", (plan, node) -> array(node, "guardrails")
                        .remove(0)),
                edit("a limit further off", (plan, node) -> first(node, "guardrails")
                        .put("threshold", 0.21)),
                edit("only held", (plan, node) -> first(node, "guardrails").put("then", "hold")),
                edit("another scope", (plan, node) -> first(node, "guardrails").put("scope", "variant")),
                edit("another metric", (plan, node) -> first(node, "guardrails").put("metric", "errors")),
                edit("another limit", (plan, node) -> first(node, "guardrails").put("limit", "rises")),
                edit(
                        "more people",
                        (plan, node) -> ((ObjectNode) first(node, "stages").path("to")).put("percent", 6.0)),
                edit("other people", (plan, node) -> ((ObjectNode) second(node).path("to")).put("segment", "vip")),
                edit("less control", (plan, node) -> second(node).put("control", 49.0)),
                edit("less time", (plan, node) -> first(node, "stages").put("atLeast", "PT9M")),
                edit("fewer users", (plan, node) -> first(node, "stages").put("minUsers", 499)),
                edit("no least users", (plan, node) -> first(node, "stages").remove("minUsers")),
                edit("a lesser mode", (plan, node) -> first(node, "stages").put("advance", "noSignOfHarm")),
                edit(
                        "fewer approvals",
                        (plan, node) -> ((ObjectNode) second(node).path("approval")).put("count", 1)),
                edit("another role", (plan, node) -> ((ObjectNode) second(node).path("approval")).put("by", "editor")),
                edit("no approval", (plan, node) -> second(node).remove("approval")),
                edit("a stage less", (plan, node) -> array(node, "stages").remove(1)),
                edit("other hours", (plan, node) -> first(node, "only").put("to", "18:00:00")),
                edit("any hour", (plan, node) -> node.putArray("only")),
                edit("tolerant", (plan, node) -> node.put("sensitivity", "tolerant")),
                edit("more evidence for a rollback", (plan, node) -> node.put("alpha", 0.001)),
                edit("less evidence for health", (plan, node) -> node.put("beta", 0.1)),
                edit("another treatment", (plan, node) -> node.putArray("treatments")
                        .add("bold")),
                edit("another event", (plan, node) -> first(node, "metrics").put("event", "visit")));
    }

    static Stream<Arguments> tighter() {
        return Stream.of(
                edit("a nearer limit", (plan, node) -> first(node, "guardrails").put("threshold", 0.1)),
                edit(
                        "fewer people",
                        (plan, node) -> ((ObjectNode) first(node, "stages").path("to")).put("percent", 1.0)),
                edit("more control", (plan, node) -> second(node).put("control", 60.0)),
                edit("more time", (plan, node) -> first(node, "stages").put("atLeast", "PT1H")),
                edit("more users", (plan, node) -> first(node, "stages").put("minUsers", 5_000)),
                edit("by hand", (plan, node) -> first(node, "stages").put("advance", "byHand")),
                edit(
                        "more approvals",
                        (plan, node) -> ((ObjectNode) second(node).path("approval")).put("count", 3)),
                edit("a dimension", (plan, node) -> node.putArray("watchBy").add("country")),
                edit("a channel", (plan, node) -> node.putArray("tell").add("oncall")),
                edit("earlier rollbacks", (plan, node) -> node.put("alpha", 0.05)),
                edit("another title", (plan, node) -> node.put("title", "Other")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looser")
    void isLooser(String name, Plan after) {
        assertThat(Loosening.between(PLAN, after)).as(name).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tighter")
    void isTighter(String name, Plan after) {
        assertThat(after).isNotEqualTo(PLAN);
        assertThat(Loosening.between(PLAN, after)).as(name).isEmpty();
    }

    @Test
    void aGuardrailMoreIsTighterAndMixedEditsAreNot() {
        JsonNode node = Json.tree(PLAN);
        ObjectNode more = first((ObjectNode) node, "guardrails").deepCopy().put("name", "more");
        array((ObjectNode) node, "guardrails").add(more);
        assertThat(Loosening.between(PLAN, Json.read(node.toString(), Plan.class)))
                .isEmpty();
        first((ObjectNode) node, "stages").put("atLeast", "PT1M");
        assertThat(Loosening.between(PLAN, Json.read(node.toString(), Plan.class)))
                .containsExactly("the time of stage canary");
    }

    @Test
    void anHourAtWhichRaisesAreAllowedIsTighterThanAnyHour() {
        Plan anyHour = Given.plan(PLAN.stages().toArray(dev.belay.contracts.rollouts.Stage[]::new));
        Plan withHours = new Plan(
                anyHour.template(),
                anyHour.title(),
                anyHour.owner(),
                anyHour.control(),
                anyHour.treatments(),
                anyHour.stages(),
                new ArrayList<>(PLAN.only()),
                anyHour.guardrails(),
                anyHour.goals(),
                anyHour.watchBy(),
                anyHour.sensitivity(),
                anyHour.tell(),
                anyHour.metrics(),
                anyHour.alpha(),
                anyHour.beta());
        assertThat(Loosening.between(anyHour, withHours)).isEmpty();
        assertThat(Loosening.between(withHours, anyHour)).isNotEmpty();
    }

    private static Arguments edit(String name, BiConsumer<Plan, ObjectNode> change) {
        ObjectNode node = (ObjectNode) Json.tree(PLAN);
        change.accept(PLAN, node);
        return Arguments.of(name, Json.read(node.toString(), Plan.class));
    }

    private static ArrayNode array(ObjectNode node, String field) {
        return (ArrayNode) node.path(field);
    }

    private static ObjectNode first(ObjectNode node, String field) {
        return (ObjectNode) node.path(field).path(0);
    }

    private static ObjectNode second(ObjectNode node) {
        return (ObjectNode) node.path("stages").path(1);
    }
}
