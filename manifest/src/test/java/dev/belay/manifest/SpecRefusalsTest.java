// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every refusal names the path, the rule and the value. */
class SpecRefusalsTest {
    private static List<String> refused(String kind, String spec) {
        return Samples.sentences(Samples.document(kind, spec));
    }

    @Nested
    class OfAFlag {
        private static final String GOOD = """
                project: shop
                environment: production
                type: string
                variants: { a: one, b: two }
                off: a
                default: b
                """;

        @Test
        void saysEverythingAtOnce() {
            assertThat(refused("Flag", """
                            project: shop
                            environment: pro duction
                            type: boolean
                            enabled: yes
                            variants: { on: true, off: "false", "a b": true }
                            off: of
                            default: { split: { on: 60%, off: 60% } }
                            exposeOn: both
                            tags: [ a, ~, 3 ]
                            """))
                    .containsExactly(
                            "spec.environment must be 1 to 100 letters, digits, '.', '-' or '_', starting with a letter or"
                                    + " digit, was pro duction",
                            "spec.tags[1] must not be null, was null",
                            "spec.tags[2] must be text: put it in quotes, was 3",
                            "spec.enabled must be true or false, was yes",
                            "spec.variants.off must be of the flag's type boolean, was false",
                            "spec.variants.a b must have a name of letters, digits, '.', '-' or '_' as its key, was a b",
                            "spec.off must be one of on, off, a b; did you mean off?, was of",
                            "spec.default.split must add up to 100%, was 120%",
                            "spec.exposeOn must be one of evaluation, bulk, was both");
        }

        @Test
        void asksForWhatEveryFlagNeeds() {
            assertThat(refused("Flag", "{}"))
                    .containsExactly(
                            "spec.project is required, was null",
                            "spec.environment is required, was null",
                            "spec.type is required, was null",
                            "spec.variants is required, was null",
                            "spec.off is required, was null",
                            "spec.default is required, was null");
        }

        @Test
        void looksIntoRules() {
            assertThat(refused("Flag", GOOD + """
                            rules:
                              - name: x
                                when: [ { property: p, operator: like, value: 1 }, { property: p, segment: s } ]
                                percent: 120%
                                serve: c
                              - { name: x, when: [ { property: p, operator: gt } ], percent: 20, serve: a }
                              - { when: [ { property: p, operator: regex, value: "(" }, { property: p, operator: exact, value: { a: 1 } } ] }
                            """))
                    .satisfiesExactly(
                            a -> assertThat(a)
                                    .startsWith("spec.rules[0].when[0].operator must be one of exact, is_not,")
                                    .endsWith(", was like"),
                            a -> assertThat(a)
                                    .startsWith(
                                            "spec.rules[0].when[1] must name either a property or a segment, was {"),
                            a -> assertThat(a)
                                    .isEqualTo("spec.rules[0].percent must lie between 0% and 100%, was 120%"),
                            a -> assertThat(a).isEqualTo("spec.rules[0].serve must be one of a, b, was c"),
                            a -> assertThat(a).isEqualTo("spec.rules[1].name must be unique among the rules, was x"),
                            a -> assertThat(a).isEqualTo("spec.rules[1].when[0].value is required by gt, was null"),
                            a -> assertThat(a)
                                    .isEqualTo("spec.rules[1].percent must be a percentage such as 20%, was 20"),
                            a -> assertThat(a)
                                    .isEqualTo("spec.rules[2].when[0].value must be a regular expression, was ("),
                            a -> assertThat(a)
                                    .startsWith("spec.rules[2].when[1].value must be text, a number, true or false"),
                            a -> assertThat(a).isEqualTo("spec.rules[2].serve is required, was null"));
        }

        @Test
        void looksIntoPayloadsForcedUnitsAndWhatOperatorsCompare() {
            assertThat(refused("Flag", GOOD + """
                            payloads: { a: { steps: x }, z: 1 }
                            schema: { type: object, properties: { steps: { type: integer } } }
                            rules:
                              - when: [ { property: p, operator: gt, value: many }, { property: p, operator: between, value: [ 3, 1 ] } ]
                                serve: a
                              - { when: [ { property: $flag/a b, operator: exact, value: on } ], serve: a }
                            forced: [ { unit: u, variant: a }, { unit: u, variant: z, until: soon } ]
                            """))
                    .satisfiesExactly(
                            a -> assertThat(a)
                                    .startsWith(
                                            "spec.payloads.a must fit the schema: $.steps: string found, integer expected"),
                            a -> assertThat(a).startsWith("spec.payloads.z must name one of the variants a, b, was z"),
                            a -> assertThat(a)
                                    .isEqualTo("spec.rules[0].when[0].value must be a number for gt, was many"),
                            a -> assertThat(a).startsWith("spec.rules[0].when[1].value must be a list of two numbers"),
                            a -> assertThat(a).startsWith("spec.rules[1].when[0]"),
                            a -> assertThat(a).isEqualTo("spec.forced[1].unit must be named once, was u"),
                            a -> assertThat(a).startsWith("spec.forced[1].variant must be one of a, b"),
                            a -> assertThat(a).startsWith("spec.forced[1].until must be a time like"));
        }

        @Test
        void looksIntoTheRest() {
            assertThat(refused("Flag", GOOD + """
                            prerequisites: [ { flag: sample, variants: [] } ]
                            optIn: { in: a, out: c }
                            holdout: { id: h, percent: 101%, serve: a, share: 5% }
                            schema: { type: string }
                            """))
                    .containsExactly(
                            "spec.schema belongs to type json, was string",
                            "spec.prerequisites[0].flag must be another flag, was sample",
                            "spec.prerequisites[0].variants must name at least one variant, was []",
                            "spec.optIn.out must be one of a, b, was c",
                            "spec.holdout.percent must lie between 0% and 100%, was 101%",
                            "spec.holdout.share is unknown; known here: id, percent, serve, was share");
            assertThat(refused("Flag", GOOD.replace("default: b", "default: { split: { a: 50%, c: 50% } }")))
                    .containsExactly("spec.default.split.c must name one of the variants a, b, was c");
        }

        @Test
        void holdsValuesAgainstTheSchema() {
            String flag = """
                    project: shop
                    environment: production
                    type: json
                    variants: { a: { steps: 1 }, b: { steps: many } }
                    off: a
                    default: b
                    schema: { type: object, properties: { steps: { type: integer } } }
                    """;

            assertThat(refused("Flag", flag))
                    .containsExactly("spec.variants.b must fit the schema: $.steps: string found, integer expected, was"
                            + " {\"steps\":\"many\"}");
            assertThat(refused("Flag", flag.replace("type: integer", "type: 5")))
                    .singleElement()
                    .asString()
                    .startsWith("spec.schema must be a JSON Schema: ");
        }

        @Test
        void givesUpOnASchemaThatIsOnlyItself() {
            assertThat(refused("Flag", """
                            project: shop
                            environment: production
                            type: json
                            variants: { a: { steps: 1 } }
                            off: a
                            default: a
                            schema: { $ref: "#" }
                            """))
                    .singleElement()
                    .asString()
                    .startsWith("spec.variants.a must fit the schema");
        }

        @Test
        void hasNoRoomForInfinity() {
            String flag = """
                    project: shop
                    environment: production
                    type: number
                    variants: { a: 1e999, b: 2 }
                    off: b
                    default: b
                    """;

            assertThat(refused("Flag", flag)).containsExactly("spec.variants.a must be a finite number, was Infinity");
            assertThat(refused(
                            "Flag",
                            flag.replace("type: number", "type: json")
                                    .replace("a: 1e999, b: 2", "a: { deep: [ 1, -1e999 ] }, b: { deep: [] }")))
                    .containsExactly("spec.variants.a.deep[1] must be a finite number, was -Infinity");
        }

        @Test
        void fetchesNoOtherSchema() {
            assertThat(refused("Flag", """
                            project: shop
                            environment: production
                            type: json
                            variants: { a: { steps: 1 } }
                            off: a
                            default: a
                            schema: { $ref: "http://127.0.0.1:9/secret" }
                            """))
                    .singleElement()
                    .asString()
                    .contains("spec.variants.a must fit the schema, which cannot be used");
        }
    }

    @Nested
    class OfASegment {
        @Test
        void wantsSomebodyInIt() {
            assertThat(refused("Segment", "{ project: shop }"))
                    .containsExactly("spec must hold match, anyOf or members, was {\"project\":\"shop\"}");
            assertThat(refused("Segment", "{ project: shop, match: [], anyOf: [ [], { mach: [] }, 3 ] }"))
                    .contains(
                            "spec.match must hold at least one condition, was []",
                            "spec.anyOf[0] must hold at least one condition, was []",
                            "spec.anyOf[1].mach is unknown; did you mean match?, was mach",
                            "spec.anyOf[2] must be an object, was 3");
        }

        @Test
        void isNotDefinedByItself() {
            assertThat(refused("Segment", "{ project: shop, match: [ { segment: sample } ], members: [ 7 ] }"))
                    .containsExactly(
                            "spec.match must not name the segment itself, was sample",
                            "spec.members[0] must be text: put it in quotes, was 7");
        }
    }

    @Nested
    class OfAMetric {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                kind: convers, event: e           | spec.kind must be one of conversion, rate, mean, quantile, counter; did you mean conversion?, was convers
                kind: rate                        | spec.event is required, was null
                kind: rate, event: e, within: 24  | spec.within must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 24
                kind: rate, event: e, within: 1w  | spec.within must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 1w
                kind: rate, event: e, within: 0s  | spec.within must be positive, was 0s
                kind: rate, event: e, value: v    | spec.value belongs to kind mean or quantile, was v
                kind: rate, event: e, cap: 3      | spec.cap belongs to kind mean, was 3
                kind: mean, event: e, cap: -3     | spec.cap must be positive, was -3
                kind: mean, event: e, cap: lots   | spec.cap must be a number, was lots
                kind: mean, event: e, quantile: 1 | spec.quantile belongs to kind quantile, was 1
                kind: quantile, event: e          | spec.quantile is required by kind quantile, was null
                kind: rate, event: e, mode: matured    | spec.mode belongs to kind conversion, was matured
                kind: conversion, event: e, mode: matured | spec.mode needs within, after which a user is mature, was matured
                kind: mean, event: e, mode: clustered  | spec.mode belongs to kind rate, was clustered
                kind: rate, event: e, mode: clusterd   | spec.mode must be one of arrival, matured, clustered; did you mean clustered?, was clusterd
                kind: quantile, event: e, quantile: 95 | spec.quantile must lie between 0 and 1, such as 0.95, was 95
                """)
        void namesPathRuleAndValue(String spec, String sentence) {
            assertThat(refused("Metric", "{ project: p, goodWhen: up, " + spec + " }"))
                    .containsExactly(sentence);
        }
    }

    @Nested
    class OfATemplate {
        private static String template(String stages, String rest) {
            return "project: shop\nstages: " + stages + "\n" + rest + "\n";
        }

        private static final String ONE_STAGE = "[ { name: all, to: 100%, atLeast: 1h } ]";

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                name: a, atLeast: 1h                          | spec.stages[0].to is required, was null
                to: 5%, atLeast: 1h                           | spec.stages[0].name is required, was null
                name: a, to: 5%                               | spec.stages[0].atLeast is required, was null
                name: a, to: 5, atLeast: 1h                   | spec.stages[0].to must be a percentage such as 20% or { segment: name }, was 5
                name: a, to: 0%, atLeast: 1h                  | spec.stages[0].to must be above 0% and at most 100%, was 0%
                name: a, to: 101%, atLeast: 1h                | spec.stages[0].to must be above 0% and at most 100%, was 101%
                name: a, to: { segmnt: b }, atLeast: 1h       | spec.stages[0].to.segment is required, was null
                name: a, to: 5%, atLeast: soon                | spec.stages[0].atLeast must be a duration such as 500ms, 30s, 10m, 1h or 7d, was soon
                name: a, to: 5%, atLeast: 1h, control: 100%   | spec.stages[0].control must be above 0% and below 100%, was 100%
                name: a, to: 5%, atLeast: 1h, minUsers: 0     | spec.stages[0].minUsers must be a positive whole number, was 0
                name: a, to: 5%, atLeast: 1h, minUsers: 1.5   | spec.stages[0].minUsers must be a positive whole number, was 1.5
                name: a, to: 5%, atLeast: 1h, advance: proved | spec.stages[0].advance must be one of proven, noSignOfHarm, byHand; did you mean proven?, was proved
                name: a, to: 5%, atLeast: 1h, approval: {}    | spec.stages[0].approval.by is required, was null
                """)
        void namesPathRuleAndValueOfAStage(String stage, String sentence) {
            assertThat(refused("RolloutTemplate", template("[ { " + stage + " } ]", "")))
                    .contains(sentence);
        }

        @Test
        void wantsStagesThatTakeNobodyOut() {
            assertThat(refused(
                            "RolloutTemplate",
                            template(
                                    "[ { name: a, to: 25%, atLeast: 1h }, { name: b, to: 50%, atLeast: 1h },"
                                            + " { name: c, to: 20%, atLeast: 1h } ]",
                                    "")))
                    .containsExactly(
                            "spec.stages[2].to must not treat fewer of rest than the stage before, 50.0 %, was 20.0 %");
            assertThat(refused("RolloutTemplate", template("[]", "")))
                    .containsExactly("spec.stages must not be empty, was []");
            assertThat(refused("RolloutTemplate", "project: shop"))
                    .containsExactly("spec.stages is required, was null");
            assertThat(refused(
                            "RolloutTemplate",
                            template("[ { name: a, to: 5%, atLeast: 1h }, { name: a, to: 6%, atLeast: 1h } ]", "")))
                    .containsExactly("spec.stages[1].name must be unique among the stages, was a");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                metric: m                               | spec.guardrails[0] must have exactly one of falls, rises, above, below, was {"metric":"m"}
                falls: 20%                              | spec.guardrails[0].metric is required, was null
                metric: m, falls: 20                    | spec.guardrails[0].falls must be a percentage such as 20%, was 20
                metric: m, falls: 100%                  | spec.guardrails[0].falls must be above 0% and below 100%, was 100%
                metric: m, rises: 0%                    | spec.guardrails[0].rises must be above 0%, was 0%
                metric: m, above: 5%, within: 5m        | spec.guardrails[0].above must be a number, was 5%
                metric: m, above: 5                     | spec.guardrails[0].within is required by above and below, was null
                metric: m, falls: 5%, within: 5m        | spec.guardrails[0].within belongs to above and below, was 5m
                metric: m, falls: 5%, of: flag          | spec.guardrails[0].of belongs to above and below, was flag
                metric: m, falls: 5%, then: stop        | spec.guardrails[0].then must be one of rollback, hold, notify, observe, was stop
                metric: m, falls: 5%, scope: some       | spec.guardrails[0].scope must be one of auto, all, variant, segment, was some
                metric: m, fall: 5%                     | spec.guardrails[0].fall is unknown; did you mean falls?, was fall
                metric: { input: conversoin }, falls: 5% | spec.guardrails[0].metric.input must be one of the template's inputs; did you mean conversion?, was conversoin
                metric: { inputs: conversion }, falls: 5% | spec.guardrails[0].metric.inputs is unknown; did you mean input?, was inputs
                """)
        void namesPathRuleAndValueOfAGuardrail(String guardrail, String sentence) {
            assertThat(refused(
                            "RolloutTemplate",
                            template(ONE_STAGE, "inputs: { conversion: {} }\nguardrails: [ { " + guardrail + " } ]")))
                    .contains(sentence);
        }

        @Test
        void wantsNamesForTwoGuardrailsOfAMetric() {
            assertThat(refused(
                            "RolloutTemplate",
                            template(ONE_STAGE, "guardrails: [ { metric: m, falls: 5% }, { metric: m, rises: 5% } ]")))
                    .containsExactly("spec.guardrails[1].name must be unique among the guardrails, was m");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                days: Mon-Fry, from: "09:00", to: "17:00", zone: UTC  | spec.advance.only[0].days must be days such as Mon-Fri or Sat,Sun, was Mon-Fry
                from: "09:00", to: "17:00", zone: UTC                 | spec.advance.only[0].days is required, was null
                days: Mon, from: "9", to: "17:00", zone: UTC          | spec.advance.only[0].from must be a time of day such as 09:00, was 9
                days: Mon, from: "09:00", to: "08:00", zone: UTC      | spec.advance.only[0].to must be after from, 09:00, was 08:00
                days: Mon, from: "09:00", to: "17:00", zone: London   | spec.advance.only[0].zone must be a time zone such as Europe/London, was London
                days: Mon, from: "09:00", to: "17:00"                 | spec.advance.only[0].zone is required, was null
                """)
        void namesPathRuleAndValueOfAWindow(String window, String sentence) {
            assertThat(refused("RolloutTemplate", template(ONE_STAGE, "advance: { only: [ { " + window + " } ] }")))
                    .containsExactly(sentence);
        }

        @Test
        void looksIntoTheRest() {
            assertThat(refused("RolloutTemplate", template(ONE_STAGE, """
                            inputs: { "a b": {}, c: { metrics: m }, d: m }
                            goals: [ g, g ]
                            watchBy: country
                            sensitivity: strict
                            """)))
                    .containsExactly(
                            "spec.inputs.a b must have a name of letters, digits, '.', '-' or '_' as its key, was a b",
                            "spec.inputs.c.metrics is unknown; did you mean metric?, was metrics",
                            "spec.inputs.d must be an object, was m",
                            "spec.goals[1] must be named once, was g",
                            "spec.watchBy must be a list, was country",
                            "spec.sensitivity must be one of balanced, tolerant, was strict");
        }
    }

    @Nested
    class OfARollout {
        @Test
        void saysEverythingAtOnce() {
            assertThat(refused("Rollout", """
                            environment: production
                            flag: new/checkout
                            template: t@0
                            control: off
                            treatments: [ off, on, on ]
                            inputs: { conversion: m }
                            startAt: tomorrow
                            """))
                    .containsExactly(
                            "spec.flag must be 1 to 100 letters, digits, '.', '-' or '_', starting with a letter or digit,"
                                    + " was new/checkout",
                            "spec.template must have the form name or name@version, was t@0",
                            "spec.treatments[0] must not be control, was off",
                            "spec.treatments[2] must be named once, was on",
                            "spec.inputs.conversion must be an object, was m",
                            "spec.startAt must be a time such as 2026-01-05T09:00:00Z, was tomorrow");
        }

        @Test
        void asksForWhatEveryRolloutNeeds() {
            assertThat(refused("Rollout", "{}"))
                    .containsExactly(
                            "spec.environment is required, was null",
                            "spec.flag is required, was null",
                            "spec.control is required, was null",
                            "spec.treatments is required, was null");
        }
    }

    @Nested
    class OfAChannel {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                type: slack-webhook                                      | spec.url is required, was null
                type: teams, url: "https://a.example/s3cret"             | spec.type must be one of slack-webhook, slack, pagerduty, webhook, was teams
                type: slack-webhook, url: "http://a.example/s3cret"      | spec.url must start with https:// and name a host, was http://a.example
                type: slack-webhook, url: "ftp://localhost/s3cret"       | spec.url must start with https:// and name a host, was ftp://localhost
                type: slack-webhook, url: "https://u:s3cret@a.example/"  | spec.url must start with https:// and name a host, was https://a.example
                type: slack-webhook, url: "https://a b/s3cret"           | spec.url must be a URL, was another text
                """)
        void namesPathAndRuleButNeverTheSecret(String spec, String sentence) {
            assertThat(refused("Channel", "{ project: shop, " + spec + " }"))
                    .containsExactly(sentence)
                    .noneMatch(text -> text.contains("s3cret"));
        }
    }
}
