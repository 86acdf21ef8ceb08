// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CommandsTest {
    private static final String STATE = """
            {"project":"shop","environment":"production","flag":"new-checkout","epoch":3,"version":7,"status":"RUNNING",
             "allocations":[{"number":1,"stage":0},{"number":2,"stage":1}],
             "plan":{"stages":[{"name":"beta"},{"name":"canary"}]},"reason":"entered"}""";
    private static final String METRIC = """
            apiVersion: belay.dev/v1
            kind: Metric
            metadata: { name: purchases }
            spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
            """;
    private static final String FLAG = """
            apiVersion: belay.dev/v1
            kind: Flag
            metadata: { name: new-checkout }
            spec: { project: shop, environment: production, type: boolean, variants: { on: true, off: false }, off: off, default: off }
            """;
    private static final String ROLLOUT = """
            apiVersion: belay.dev/v1
            kind: Rollout
            spec: { environment: production, flag: new-checkout, template: auto@3, control: off, treatments: [ on ] }
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private String in = "";
    private FakeServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        environment.put("BELAY_URL", server.url());
        environment.put("BELAY_KEY", "bly_abcdefgh_secret");
        environment.put("BELAY_PROJECT", "shop");
        environment.put("BELAY_ENVIRONMENT", "production");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Nested
    class Apply {
        @Test
        void putsEachDocumentWhereItsKindLives() throws IOException {
            Files.writeString(folder.resolve("shop.yaml"), FLAG + "---\n" + METRIC);
            server.on("PUT /flags/shop/production/new-checkout", 201, "").on("PUT /metrics/shop/purchases", 200, "{}");

            assertThat(belay("apply", "-f", "shop.yaml")).isZero();

            assertThat(out).hasToString("Flag shop/production/new-checkout created\nMetric shop/purchases applied\n");
            FakeServer.Asked flag = server.asked().get(0);
            assertThat(json(flag.body()).at("/spec/variants").toString()).isEqualTo("{\"on\":true,\"off\":false}");
            assertThat(flag.headers())
                    .containsEntry("authorization", "Bearer bly_abcdefgh_secret")
                    .containsEntry("content-type", "application/json")
                    .containsEntry("x-belay-project", "shop");
        }

        @Test
        void knowsThePathOfEveryKind() {
            in = """
                    - { apiVersion: belay.dev/v1, kind: Segment, metadata: { name: s }, spec: { project: shop, members: [ ada ] } }
                    - apiVersion: belay.dev/v1
                      kind: RolloutTemplate
                      metadata: { name: t }
                      spec: { project: shop, stages: [ { name: all, to: 100%, atLeast: 1h } ] }
                    - apiVersion: belay.dev/v1
                      kind: Channel
                      metadata: { name: c }
                      spec: { project: shop, type: slack-webhook, url: "https://hooks.example.com/x" }
                    """;
            server.on("PUT /segments/shop/s", 200, "{}")
                    .on("PUT /templates/shop/t", 200, "{}")
                    .on("PUT /channels/shop/c", 200, "{}");

            assertThat(belay("apply", "-f", "-")).isZero();
        }

        @Test
        void startsARolloutOfTheProjectAtHand() throws IOException {
            in = ROLLOUT;
            server.on("POST /rollouts?apply=true", 201, STATE);

            assertThat(belay("apply", "-f", "-")).isZero();

            assertThat(out).hasToString("shop/production/new-checkout epoch 3: RUNNING in stage canary\n");
            assertThat(json(server.only().body()).at("/spec/project").asText()).isEqualTo("shop");
            assertThat(server.only().headers()).containsKey("idempotency-key");
        }

        @Test
        void waitsUntilWhatWasJustAppliedIsSeen() {
            in = METRIC + "---\n" + ROLLOUT;
            server.on("PUT /metrics/shop/purchases", 200, "{}")
                    .on("POST /rollouts?apply=true", 404, "{\"code\":\"not-found\"}")
                    .on("POST /rollouts?apply=true", 201, STATE);

            assertThat(belay("apply", "-f", "-")).isZero();

            assertThat(server.requests()).hasSize(3);
        }

        @Test
        void doesNotWaitForWhatIsNotSupportedYet() {
            in = METRIC + "---\n" + ROLLOUT;
            server.on("PUT /metrics/shop/purchases", 200, "{}").on("POST /rollouts?apply=true", 422, """
                    {"title":"Unprocessable","status":422,"code":"not-yet-supported","detail":"parts of the plan",
                     "errors":[{"field":"spec.template.goals","rule":"is not supported yet","value":"revenue"},
                               {"field":"spec.template.watchBy","rule":"is not supported yet"}]}""");

            assertThat(belay("apply", "-f", "-")).isEqualTo(1);

            assertThat(err).hasToString("""
                    belay: 422 not-yet-supported at /api/v1/rollouts: parts of the plan
                      spec.template.goals is not supported yet, was revenue
                      spec.template.watchBy is not supported yet, was null
                    """);
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void sendsNothingWhenAnythingIsWrong() {
            in = METRIC + "---\n" + METRIC.replace("24h", "24").replace("conversion", "conversions");

            assertThat(belay("apply", "-f", "-")).isEqualTo(1);

            assertThat(err).hasToString("""
                    belay: nothing was applied
                      document 2: spec.kind must be one of conversion, rate, mean, quantile, counter; did you mean conversion?, was conversions
                      document 2: spec.within must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 24
                    """);
            assertThat(server.requests()).isEmpty();
        }

        @Test
        void saysWhichFileIsMissing() {
            assertThat(belay("apply", "-f", "none.yaml")).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .isEqualTo("belay: there is no file " + folder.resolve("none.yaml") + "\n");
        }
    }

    @Nested
    class Get {
        @Test
        void showsAListAsATableOverAllPages() {
            server.on(
                            "GET /rollouts?project=shop&environment=production",
                            200,
                            "{\"items\":[" + STATE + "],\"next\":\"a b\"}")
                    .on(
                            "GET /rollouts?project=shop&environment=production&after=a%20b",
                            200, "{\"items\":[" + STATE.replace("new-checkout", "x") + "],\"next\":null}");

            assertThat(belay("get", "rollouts")).isZero();

            assertThat(out).hasToString("""
                    PROJECT  ENVIRONMENT  FLAG          EPOCH  STATUS   STAGE   REASON
                    shop     production   new-checkout  3      RUNNING  canary  entered
                    shop     production   x             3      RUNNING  canary  entered
                    """);
        }

        @Test
        void showsOneThingAsYaml() {
            server.on("GET /metrics/shop/purchases", 200, "{\"kind\":\"Metric\",\"spec\":{\"goodWhen\":\"up\"}}");

            assertThat(belay("get", "metric", "purchases")).isZero();

            assertThat(out).hasToString("kind: Metric\nspec:\n  goodWhen: up\n");
        }

        @Test
        void findsAFlagByItsPathToo() {
            server.on("GET /flags/other/staging/x", 200, "{\"kind\":\"Flag\"}");

            assertThat(belay("get", "flags", "other/staging/x", "-o", "json")).isZero();

            assertThat(out).hasToString("{\n  \"kind\" : \"Flag\"\n}\n");
        }

        @Test
        void narrowsIncidentsToAFlag() {
            server.on("GET /incidents?project=shop&environment=production&flag=new-checkout", 200, "{\"items\":[]}");

            assertThat(belay("get", "incidents", "new-checkout")).isZero();

            assertThat(out).hasToString("There are no incidents.\n");
        }

        @Test
        void readsOnePageOfWhatGrowsForEverUnlessAllIsAskedFor() {
            String page = "{\"items\":[{\"event\":{\"action\":\"rollout.start\"}}],\"next\":\"7\"}";
            server.on("GET /audit?subject=shop%2Fproduction%2Fnew-checkout", 200, page)
                    .on("GET /audit?subject=shop%2Fproduction%2Fnew-checkout&after=7", 200, "{\"items\":[]}");

            assertThat(belay("get", "audit", "new-checkout")).isZero();
            assertThat(server.requests()).hasSize(1);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("rollout.start");

            assertThat(belay("get", "audit", "new-checkout", "--all")).isZero();
            assertThat(server.requests()).hasSize(3);
        }

        @Test
        void refusesAnotherKind() {
            assertThat(belay("get", "pods")).isEqualTo(1);

            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("belay: KIND must be one of flags, segments,")
                    .endsWith(", was pods\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"flag", "flags", "delivery", "deliveries", "audit", "evidence", "key"})
        void knowsKindsInBothNumbers(String word) {
            assertThat(Listing.of(word).path()).startsWith(word.substring(0, 3));
        }
    }

    @Nested
    class Rollouts {
        @Test
        void startFromATemplate() throws IOException {
            server.on("POST /rollouts", 201, STATE);

            assertThat(belay("rollout", "start", "new-checkout", "-t", "auto@3", "--input", "conversion=purchases"))
                    .isZero();

            assertThat(json(server.only().body()).path("spec").toString())
                    .isEqualTo("{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"new-checkout\","
                            + "\"template\":\"auto@3\",\"control\":\"off\",\"treatments\":[\"on\"],"
                            + "\"inputs\":{\"conversion\":{\"metric\":\"purchases\"}}}");
        }

        @Test
        void areCheckedBeforeTheyAreSent() {
            assertThat(belay("rollout", "start", "new-checkout", "-t", "auto", "--treatment", "off"))
                    .isEqualTo(1);

            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("spec.treatments[0] must not be control, was off");
        }

        @ParameterizedTest
        @ValueSource(strings = {"advance", "pause", "resume", "cancel", "complete"})
        void moveFromTheVersionThatWasSeen(String verb) throws IOException {
            server.on("GET /rollouts/shop/production/new-checkout", 200, STATE)
                    .on("POST /rollouts/shop/production/new-checkout/3/" + verb, 200, STATE);

            assertThat(belay("rollout", verb, "new-checkout", "--reason", "we know"))
                    .isZero();

            assertThat(server.asked().get(1).body()).isEqualTo("{\"reason\":\"we know\",\"expectedVersion\":7}");
            assertThat(out).hasToString("shop/production/new-checkout epoch 3: RUNNING in stage canary\n");
        }

        @Test
        void mayOverrideAGate() {
            server.on("GET /rollouts/shop/production/new-checkout", 200, STATE)
                    .on("POST /rollouts/shop/production/new-checkout/3/advance", 200, STATE);

            belay("rollout", "advance", "new-checkout", "-r", "we know", "--override");

            assertThat(server.asked().get(1).body()).endsWith("\"override\":true}");
        }

        @Test
        void needAReason() {
            assertThat(belay("rollout", "pause", "new-checkout")).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Missing required option: '--reason=TEXT'");
        }

        @Test
        void sayWhyTheyAreWhereTheyAre() {
            server.on("GET /rollouts/shop/production/new-checkout", 200, STATE)
                    .on("GET /rollouts/shop/production/new-checkout/3/why", 200, """
                            {"status":"RUNNING","stage":"canary","sentence":"It is in stage canary and waits.",
                             "checks":[{"name":"time","passed":true,"sentence":"1 h of 1 h"},
                                       {"name":"users","passed":false,"sentence":"380 of 500 users in each variant"}],
                             "guardrails":[{"name":"conversion","decision":"UNDECIDED","reasons":[],
                                            "sentence":"purchases -3 %, limit falls 20 %"}],
                             "next":"When every check holds it enters stage half."}""");

            assertThat(belay("rollout", "why", "new-checkout")).isZero();

            assertThat(out).hasToString("""
                    It is in stage canary and waits.
                      yes  1 h of 1 h
                      no   380 of 500 users in each variant
                      conversion: UNDECIDED. purchases -3 %, limit falls 20 %
                    When every check holds it enters stage half.
                    """);
        }

        @Test
        void giveTheBlocksTheyWereJudgedByALineEach() {
            server.on("GET /evidence/shop/production/new-checkout/blocks", 200, """
                            {"items":[{"stratum":0,"nC":10,"nT":9,"sC":2,"sT":0},{"stratum":1,"nC":20,"nT":19,"sC":1,"sT":3}]}""");

            assertThat(belay("rollout", "blocks", "new-checkout")).isZero();

            assertThat(out).hasToString("""
                    {"stratum":0,"nC":10,"nT":9,"sC":2,"sT":0}
                    {"stratum":1,"nC":20,"nT":19,"sC":1,"sT":3}
                    """);
        }

        @Test
        void areTakenBackWithoutAskingTheScheduler() {
            server.on("POST /rollbacks", 201, "{\"epoch\":3,\"target\":\"variant:on\"}");

            assertThat(belay("rollout", "rollback", "new-checkout", "-r", "broken", "--target", "variant:on"))
                    .isZero();

            assertThat(server.only().body())
                    .isEqualTo("{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"new-checkout\","
                            + "\"reason\":\"broken\",\"target\":\"variant:on\"}");
            assertThat(out).hasToString("shop/production/new-checkout epoch 3: variant:on is rolled back\n");
        }
    }

    @Test
    void killsAndRestores() {
        server.on("POST /kills", 201, "{}")
                .on("POST /kills", 200, "{}")
                .on("POST /rollouts/shop/production/new-checkout/restore", 200, STATE.replace("RUNNING", "RESTORED"));

        assertThat(belay("kill", "new-checkout", "-r", "fire")).isZero();
        assertThat(belay("kill", "new-checkout", "-r", "fire")).isZero();
        assertThat(belay("restore", "new-checkout", "-r", "out")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("shop/production/new-checkout is killed;")
                .contains("was killed already", "epoch 3: RESTORED");
        assertThat(server.asked().get(2).body()).isEqualTo("{\"reason\":\"out\"}");
    }

    @Test
    void findsServerAndKeyWhereUpLeftThem() throws IOException {
        environment.clear();
        Files.createDirectory(folder.resolve(".belay"));
        Files.writeString(
                folder.resolve(".belay/keys.json"),
                "{\"url\":\"" + server.url()
                        + "\",\"admin\":\"a\",\"server\":\"s\",\"client\":\"c\",\"events\":\"e\"}");
        server.on("GET /users", 200, "[]");

        assertThat(belay("keys")).isZero();
        assertThat(belay("get", "users")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("address   " + server.url() + "\nadmin     a\nserver    s\nclient    c\nevents    e\n");
        assertThat(server.only().headers()).containsEntry("authorization", "Bearer a");
    }

    @Test
    void saysWhatItNeeds() {
        environment.clear();

        assertThat(belay("get", "users")).isEqualTo(1);
        assertThat(belay("keys")).isEqualTo(1);
        assertThat(belay("kill", "new-checkout", "-r", "fire", "--server", server.url(), "--key", "k"))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "belay: needs --server URL: there are no keys in " + folder.resolve(".belay"),
                        "start `belay up` in this folder first",
                        "belay: needs --project NAME");
    }

    @Test
    void saysThatNobodyAnswers() {
        String url = server.url();
        server.close();

        assertThat(belay("get", "users")).isEqualTo(1);

        assertThat(err).hasToString("belay: nobody answers at " + url + ": is Belay running there?\n");
    }

    @Test
    void showsAnAnswerThatIsNoProblemDocument() {
        server.on("GET /users", 502, "<html>");

        assertThat(belay("get", "users")).isEqualTo(1);

        assertThat(err).hasToString("belay: 502 at /api/v1/users\n");
    }

    @Test
    void explainsItselfWithoutACommand() {
        assertThat(belay()).isZero();
        assertThat(belay("rollout")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("apply", "why", "up, demo and replay");
    }

    private int belay(String... args) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder);
        return Main.run(terminal, args);
    }

    private static JsonNode json(String text) throws IOException {
        return Json.mapper().readTree(text);
    }
}
