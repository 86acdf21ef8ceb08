// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.manifest.Manifests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DocumentCommandsTest {
    private static final Path DEMO = Path.of("../standalone/src/main/resources");
    private static final String METRIC = """
            apiVersion: belay.dev/v1
            kind: Metric
            metadata: { name: purchases }
            spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
            """;
    private static final String STORY = """
            apiVersion: belay.dev/v1
            kind: RolloutTemplate
            metadata: { name: autorollout-on-conversion }
            spec:
              project: shop
              title: Autorollout based on conversion metric
              owner: checkout-team
              inputs: { conversion: { metric: checkout-conversion } }
              stages:
                - { name: internal, to: { segment: internal }, atLeast: 10m, advance: noSignOfHarm }
                - { name: beta,     to: { segment: beta }, control: 50%, atLeast: 1h, advance: noSignOfHarm }
                - { name: canary,   to: 5%,  atLeast: 1h, minUsers: 500 }
                - { name: half,     to: 50%, atLeast: 1h, approval: { before: entering, by: releaser, count: 1 } }
                - { name: everyone, to: 100%, control: 5%, atLeast: 24h }
              advance: { when: proven, askAfter: 24h, only: [ { days: Mon-Fri, from: "09:00", to: "17:00", zone: Europe/London } ] }
              guardrails:
                - { metric: { input: conversion }, falls: 20% }
                - { metric: payment-failures, above: 50, within: 5m, of: treatment }
                - { metric: checkout-latency-p95, rises: 15%, then: hold }
              goals: [ revenue-per-user ]
              watchBy: [ country, platform ]
              sensitivity: balanced
              tell: [ checkout-oncall ]
            """;
    private static final String ROLLOUT = """
            apiVersion: belay.dev/v1
            kind: Rollout
            spec: { environment: production, flag: new-checkout, template: auto, control: off, treatments: [ on ] }
            """;

    @TempDir
    Path folder;

    private Belay belay;

    @BeforeEach
    void start() throws IOException {
        belay = new Belay(folder);
    }

    @AfterEach
    void stop() {
        belay.close();
    }

    @Nested
    class Diff {
        @Test
        void saysPlaceByPlaceWhatApplyingWouldChange() {
            belay.typing(METRIC).server().on("GET /metrics/shop/purchases", 200, """
                    {"apiVersion":"belay.dev/v1","kind":"Metric","metadata":{"name":"purchases","version":4},
                     "spec":{"project":"shop","kind":"conversion","event":"order","within":"24h","goodWhen":"up","title":"Old"}}""");

            assertThat(belay.call("diff", "-f", "-")).isZero();

            assertThat(belay.out()).isEqualTo("""
                    Metric shop/purchases
                      spec.title: Old -> nothing
                      spec.event: order -> purchase
                    """);
        }

        @Test
        void saysThatNothingDiffersWhateverDefaultsAreWritten() {
            belay.typing(METRIC).server().on("GET /metrics/shop/purchases", 200, """
                    {"apiVersion":"belay.dev/v1","kind":"Metric","metadata":{"name":"purchases"},
                     "spec":{"project":"shop","kind":"conversion","event":"purchase","within":"1d","goodWhen":"up","unit":"user"}}""");

            assertThat(belay.call("diff", "-f", "-", "--exit-code")).isZero();

            assertThat(belay.out()).isEqualTo("Nothing differs.\n");
        }

        @Test
        void saysWhatIsNewAndEndsWithThreeWhenAsked() {
            belay.typing(METRIC);

            assertThat(belay.call("diff", "-f", "-", "--exit-code")).isEqualTo(3);

            assertThat(belay.out()).startsWith("Metric shop/purchases is new\n  apiVersion: nothing -> belay.dev/v1\n");
        }

        @Test
        void aRolloutThatWasRolledBackIsNoDifference() {
            belay.typing(ROLLOUT).server().on(Belay.LATEST, 200, Belay.STATE.replace("RUNNING", "ROLLED_BACK"));

            assertThat(belay.call("diff", "-f", "-", "--exit-code")).isZero();

            assertThat(belay.out()).isEqualTo("Rollout shop/production/new-checkout: rolled back at epoch 3\n");
        }
    }

    @Nested
    class Lint {
        @Test
        void theSchemaIsAJsonSchemaThatKnowsEveryKind() throws IOException {
            assertThat(belay.call("lint", "--schema")).isZero();

            JsonNode schema = Belay.json(belay.out());
            assertThat(schema)
                    .isEqualTo(Belay.json(Files.readString(Path.of("../docs/schema/belay.dev-v1.schema.json"))));
            assertThat(schema.at("/properties/kind/enum")).hasSize(6);
        }

        @Test
        void documentsThatAreInUseAreRight() throws IOException {
            String recorded =
                    Files.readString(DEMO.resolve("replay/experiment.yaml")).replace("${flag}", "experiment");
            belay.typing(recorded + "---\n" + STORY);

            int code = belay.call("lint", "-");

            assertThat(belay.out()).endsWith("documents are right.\n");
            assertThat(code).isZero();
        }

        @Test
        void whatTheSchemaSaysOfDocumentsInUseIsTrueToTheLastField() throws IOException {
            DocumentSchema schema = DocumentSchema.published();
            String text =
                    Files.readString(DEMO.resolve("replay/experiment.yaml")).replace("${flag}", "experiment");

            for (JsonNode document : Manifests.trees(text)) {
                assertThat(schema.refusals(document, false)).isEmpty();
                ObjectNode odd = document.deepCopy();
                odd.withObject("/spec").put("colour", "blue");
                assertThat(schema.refusals(odd, false))
                        .as(odd.toString())
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("colour");
            }
        }

        @ParameterizedTest(name = "refuses {0}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "within: 24h | within: 24 | spec.within must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 24",
                    "kind: conversion | kind: conversions | spec.kind must be one of conversion, rate, mean, quantile, counter; did you mean conversion?, was conversions",
                    "goodWhen: up | goodWhen: up, colour: blue | spec.colour"
                })
        void namesFileDocumentPathRuleAndValue(String right, String wrong, String sentence) throws IOException {
            Files.writeString(folder.resolve("m.yaml"), METRIC + "---\n" + METRIC.replace(right, wrong));

            assertThat(belay.call("lint", "m.yaml")).isEqualTo(1);

            assertThat(belay.out())
                    .startsWith("m.yaml: document 2: " + sentence)
                    .hasLineCount(1);
            assertThat(belay.server().requests()).isEmpty();
        }

        @Test
        void theSchemaAloneRefusesWhatIsOutOfShape() throws IOException {
            DocumentSchema schema = DocumentSchema.published();
            for (String wrong : List.of(
                    "{\"apiVersion\":\"belay.dev/v2\",\"kind\":\"Metric\",\"metadata\":{\"name\":\"m\"},\"spec\":{}}",
                    "{\"apiVersion\":\"belay.dev/v1\",\"kind\":\"Pod\",\"spec\":{}}",
                    "{\"apiVersion\":\"belay.dev/v1\",\"kind\":\"Flag\",\"metadata\":{\"name\":\"f\"},\"spec\":{\"project\":\"shop\"}}")) {
                assertThat(schema.refusals(Belay.json(wrong), true)).as(wrong).isNotEmpty();
            }
        }

        @Test
        void needsAFile() {
            assertThat(belay.call("lint")).isEqualTo(1);
            assertThat(belay.err()).isEqualTo("belay: FILE must name at least one file, was nothing\n");
        }
    }

    @Test
    void applyDoesNotUndoARollbackAndSaysSo() {
        belay.typing(ROLLOUT)
                .server()
                .on(
                        "POST /rollouts?apply=true",
                        200,
                        Belay.STATE
                                .replace("RUNNING", "ROLLED_BACK")
                                .replace(
                                        "\"reason\"", "\"note\":\"drift ignored: rolled back at epoch 3\",\"reason\""));

        assertThat(belay.call("apply", "-f", "-")).isZero();

        assertThat(belay.out())
                .isEqualTo("shop/production/new-checkout epoch 3: ROLLED_BACK in stage canary"
                        + " (drift ignored: rolled back at epoch 3)\n");
    }

    @Test
    void exportWritesDocumentsThatApplyTakes() {
        belay.server().on("GET /projects/export?project=shop&environment=production", 200, """
                        [{"kind":"Metric","metadata":{"name":"a"}},{"kind":"Flag","metadata":{"name":"b"}}]""");

        assertThat(belay.call("export")).isZero();

        assertThat(belay.out())
                .isEqualTo("kind: Metric\nmetadata:\n  name: a\n---\nkind: Flag\nmetadata:\n  name: b\n");
    }

    @Test
    void describeTellsAFlagWithItsRolloutAndWhatWasTakenBack() throws IOException {
        belay.server()
                .on("GET /flags/shop/production/new-checkout", 200, "{\"kind\":\"Flag\"}")
                .on(Belay.LATEST, 200, Belay.STATE)
                .on(Belay.LATEST + "/3/why", 200, "{\"sentence\":\"It waits.\",\"next\":\"It enters half.\"}")
                .on("GET /evidence/shop/production/new-checkout", 200, "{\"items\":[]}")
                .on(
                        "GET /rollbacks?project=shop&environment=production&flag=new-checkout",
                        200,
                        "{\"items\":[{\"epoch\":2,\"target\":\"all\",\"reason\":\"conversion fell\"}]}");

        assertThat(belay.call("describe", "flag", "new-checkout")).isZero();
        assertThat(belay.out())
                .contains("kind: Flag", "epoch 3: RUNNING in stage canary", "It waits.", "conversion fell");

        assertThat(belay.call("describe", "flag", "new-checkout", "-o", "json")).isZero();
        assertThat(Belay.json(belay.out()).at("/rollout/epoch").asInt()).isEqualTo(3);
        assertThat(belay.call("describe", "keys", "x")).isEqualTo(1);
        assertThat(belay.err())
                .startsWith("belay: KIND must be one of flag, rollout, segment,")
                .endsWith(", was keys\n");
    }
}
