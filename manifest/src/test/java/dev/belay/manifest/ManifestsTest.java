// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Operator;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.flags.Weighted;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class ManifestsTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void readsTheTemplateOfTheDesign() {
        RolloutTemplate template = ((TemplateDocument)
                        Manifests.parse(Samples.resource("design.yaml")).get(0))
                .toDefinition(3, NOON);

        assertThat(template.key()).isEqualTo("shop/autorollout-on-conversion");
        assertThat(template.inputs())
                .isEqualTo(Map.of("conversion", RolloutTemplate.Input.ofMetric("checkout-conversion")));
        assertThat(template.stages())
                .containsExactly(
                        stage(
                                "internal",
                                Audience.segment("internal"),
                                null,
                                "PT10M",
                                null,
                                AdvanceMode.NO_SIGN_OF_HARM),
                        stage("beta", Audience.segment("beta"), 50.0, "PT1H", null, AdvanceMode.NO_SIGN_OF_HARM),
                        stage("canary", Audience.percent(5), null, "PT1H", 500L, AdvanceMode.PROVEN),
                        stage("quarter", Audience.percent(25), null, "PT1H", null, AdvanceMode.PROVEN),
                        new Stage(
                                "half",
                                Audience.percent(50),
                                null,
                                Duration.ofHours(1),
                                null,
                                AdvanceMode.PROVEN,
                                Duration.ofHours(24),
                                new Approval(Approval.Before.ENTERING, "releaser", 1)),
                        stage("everyone", Audience.percent(100), 5.0, "PT24H", null, AdvanceMode.PROVEN));
        assertThat(template.advance().only())
                .containsExactly(new Window(
                        List.of(
                                DayOfWeek.MONDAY,
                                DayOfWeek.TUESDAY,
                                DayOfWeek.WEDNESDAY,
                                DayOfWeek.THURSDAY,
                                DayOfWeek.FRIDAY),
                        LocalTime.of(9, 0),
                        LocalTime.of(17, 0),
                        ZoneId.of("Europe/London")));
        assertThat(template.guardrails())
                .extracting(each -> each.input() + " " + each.guardrail().name())
                .containsExactly(
                        "conversion conversion",
                        "null sentry-errors",
                        "null payment-failures",
                        "null checkout-latency-p95");
        assertThat(template.guardrails().get(0).guardrail().threshold()).isEqualTo(0.2);
        assertThat(template.guardrails().get(2).guardrail())
                .isEqualTo(new Guardrail(
                        "payment-failures",
                        "payment-failures",
                        Guardrail.Limit.ABOVE,
                        50,
                        Duration.ofMinutes(5),
                        Guardrail.Of.TREATMENT,
                        Guardrail.Then.ROLLBACK,
                        Guardrail.Scope.AUTO));
        assertThat(template.guardrails().get(3).guardrail().then()).isEqualTo(Guardrail.Then.HOLD);
        assertThat(template.goals()).containsExactly("revenue-per-user");
        assertThat(template.watchBy()).containsExactly("country", "platform");
        assertThat(template.sensitivity()).isEqualTo(Sensitivity.BALANCED);
        assertThat(template.tell()).containsExactly("checkout-oncall");
    }

    @Test
    void readsTheMetricAndTheRolloutOfTheDesign() {
        List<Document> documents = Manifests.parse(Samples.resource("design.yaml"));

        assertThat(((MetricDocument) documents.get(1)).toDefinition(1, NOON))
                .isEqualTo(new MetricDefinition(
                        "shop",
                        "checkout-conversion",
                        1,
                        null,
                        null,
                        MetricKind.CONVERSION,
                        "purchase",
                        Duration.ofHours(24),
                        MetricDefinition.GoodWhen.UP,
                        null,
                        null,
                        null,
                        "user",
                        NOON));
        assertThat(documents.get(2))
                .isEqualTo(new RolloutDocument(
                        null,
                        null,
                        "production",
                        "new-checkout",
                        new TemplateReference("autorollout-on-conversion", 3L),
                        "off",
                        List.of("on"),
                        Map.of(),
                        null));
    }

    @Test
    void readsEveryFieldOfAFlag() {
        FlagDefinition flag = everything(0, FlagDocument.class).toDefinition(7, NOON);

        assertThat(flag.version()).isEqualTo(7);
        assertThat(flag.ref().key()).isEqualTo("shop/production/new-checkout");
        assertThat(flag.type()).isEqualTo(FlagType.JSON);
        assertThat(flag.enabled()).isFalse();
        assertThat(flag.archived()).isTrue();
        assertThat(flag.variants()).extracting(Variant::key).containsExactly("on", "off");
        assertThat(flag.defaultRule()).isEqualTo(Serve.split(List.of(new Weighted("off", 80), new Weighted("on", 20))));
        assertThat(flag.rules().get(0).percent()).isEqualTo(12.5);
        assertThat(flag.rules().get(0).when())
                .contains(
                        Condition.of("email", Operator.ENDS_WITH, TextNode.valueOf("@shop.example")),
                        new Condition("paid", Operator.IS_SET, null, null, null),
                        new Condition(null, null, null, "beta", true));
        assertThat(flag.prerequisites().get(0).variants()).containsExactly("on");
        assertThat(flag.optIn().out()).isEqualTo("off");
        assertThat(flag.holdout().percent()).isEqualTo(5);
        assertThat(flag.bucketBy()).isEqualTo("device");
        assertThat(flag.exposeOn()).isEqualTo(FlagDefinition.ExposeOn.BULK);
        assertThat(flag.schema().get("required").get(0).asText()).isEqualTo("steps");
        assertThat(flag.variants().get(0).payload().get("text").asText()).isEqualTo("Pay now");
        assertThat(flag.variants().get(1).payload()).isNull();
        assertThat(flag.rules().get(0).when()).extracting(Condition::flag).contains("payments");
        assertThat(flag.forced())
                .containsExactly(
                        new ForcedVariant("ada", "on", Instant.parse("2026-01-31T12:00:00Z")),
                        new ForcedVariant("grace", "off", null));
    }

    @Test
    void keepsWhatIsForcedWhereADocumentDoesNotSay() {
        FlagDocument silent = Manifests.parseOne(
                Samples.with(Samples.document("Flag", """
                                project: shop
                                environment: production
                                type: string
                                variants: { a: x, b: z }
                                off: a
                                default: a
                                """), "name: sample", "name: quiet"), FlagDocument.class);
        ForcedVariant kept = new ForcedVariant("ada", "b", null);
        ForcedVariant gone = new ForcedVariant("grace", "c", null);

        assertThat(silent.toDefinition(2, null, List.of(kept, gone), NOON).forced())
                .containsExactly(kept);
    }

    @Test
    void servesOffWhereWhatStoodBeforeAFoldIsGone() {
        Fold fold = new Fold(4, Serve.one("gone"));

        assertThat(everything(0, FlagDocument.class)
                        .toDefinition(8, fold, List.of(), NOON)
                        .fold())
                .isEqualTo(new Fold(4, Serve.one("off")));
    }

    @Test
    void keepsTheFoldOfAnEditedFlag() {
        Fold fold = new Fold(4, Serve.one("off"));

        assertThat(everything(0, FlagDocument.class)
                        .toDefinition(8, fold, List.of(), NOON)
                        .foldedEpoch())
                .isEqualTo(4);
    }

    @Test
    void readsSegmentsRolloutsAndChannels() {
        Segment segment = everything(1, SegmentDocument.class).toDefinition(2, NOON);
        assertThat(segment.anyOf()).hasSize(2);
        assertThat(segment.anyOf().get(1).get(0).value()).isEqualTo(BooleanNode.TRUE);
        assertThat(segment.members()).containsExactly("ada", "1e3", "007", "off", "grace");

        RolloutDocument rollout = everything(5, RolloutDocument.class);
        assertThat(rollout.name()).isEqualTo("spring");
        assertThat(rollout.template()).isEqualTo(new TemplateReference("everything", null));
        assertThat(rollout.inputs()).isEqualTo(Map.of("errors", "js-errors"));
        assertThat(rollout.startAt()).isEqualTo(Instant.parse("2026-01-05T09:00:00Z"));

        ChannelDocument channel = everything(6, ChannelDocument.class);
        assertThat(channel.url().getPath()).isEqualTo("/services/T0/B0/secret");
        assertThat(channel).asString().doesNotContain("secret");
    }

    @Test
    void readsOnAndOffAsTextAndOnlyTrueAndFalseAsBooleans() {
        FlagDocument flag = Manifests.parseOne(Samples.document("Flag", """
                        project: shop
                        environment: production
                        type: boolean
                        variants: { on: true, off: false }
                        off: off
                        default: on
                        """), FlagDocument.class);

        assertThat(flag.variants())
                .containsExactly(new Variant("on", BooleanNode.TRUE), new Variant("off", BooleanNode.FALSE));
        assertThat(flag.offVariant()).isEqualTo("off");
        assertThat(flag.defaultRule()).isEqualTo(Serve.one("on"));
    }

    @Test
    void readsTheSameFromJsonAsFromYaml() {
        String yaml = Samples.resource("everything.yaml");
        String array = Manifests.trees(yaml).toString();
        String one = Manifests.trees(yaml).get(0).toPrettyString();

        assertThat(Manifests.parse(array)).isEqualTo(Manifests.parse(yaml));
        assertThat(Manifests.parse(one)).isEqualTo(Manifests.parse(yaml).subList(0, 1));
        assertThat(Manifests.parse(one.replace("  ", "\t"))).hasSize(1);
    }

    @Test
    void skipsEmptyDocumentsBetweenOthers() {
        assertThat(Manifests.parse("---\n---\n" + Samples.resource("design.yaml") + "---\n"))
                .hasSize(3);
    }

    @Test
    void startsARolloutOnlyFromThisMachineWithoutEncryption() {
        String channel = Samples.document(
                "Channel", "{ project: shop, type: slack-webhook, url: \"http://127.0.0.1:8080/hook\" }");

        assertThat(Manifests.parseOne(channel, ChannelDocument.class).url().getPort())
                .isEqualTo(8080);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "---\n", "[]", "null"})
    void refusesATextWithoutADocument(String text) {
        assertThat(Samples.sentences(text)).containsExactly("document must not be empty, was no document");
    }

    @Test
    void saysWhereATextStopsBeingYaml() {
        assertThat(Samples.errors("kind: Flag\nspec: { a: [ 1, }\n").get(0).path())
                .isEqualTo("line 2 column 17");
    }

    @Test
    void wantsOneDocumentOfTheKindExpected() {
        String metric = Samples.document("Metric", "{ project: p, kind: rate, event: e, goodWhen: down }");

        assertThat(Manifests.parseOne(metric, MetricDocument.class).name()).isEqualTo("sample");
        assertThat(catchThrowable(() -> Manifests.parseOne(metric, TemplateDocument.class)))
                .hasMessage("kind must be RolloutTemplate here, was Metric");
        assertThat(catchThrowable(() -> Manifests.parseOne(metric + "---\n" + metric, MetricDocument.class)))
                .hasMessage("document must be the only one, was 2");
    }

    @Test
    void refusesATextThatGrowsWithoutEnd() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append(
                    "a%d: &a%d [ *a%d, *a%d, *a%d, *a%d, *a%d ]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1, i - 1));
        }

        assertThat(Samples.errors(bomb.toString()))
                .extracting(ManifestError::rule)
                .contains("must be YAML or JSON");
        assertThat(Samples.errors("a: &a [ *a ]"))
                .extracting(ManifestError::rule)
                .contains("must be YAML or JSON");
    }

    private static <D extends Document> D everything(int index, Class<D> type) {
        return type.cast(Manifests.parse(Samples.resource("everything.yaml")).get(index));
    }

    private static Stage stage(
            String name, Audience to, Double control, String atLeast, Long minUsers, AdvanceMode mode) {
        return new Stage(name, to, control, Duration.parse(atLeast), minUsers, mode, Duration.ofHours(24), null);
    }
}
