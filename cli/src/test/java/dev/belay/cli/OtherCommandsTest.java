// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Logging in, planning, evaluating, drilling, completing. */
class OtherCommandsTest {
    private static final String KEY = "bly_abcdefgh_secret";

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

    @Test
    void loginRemembersWhatTheServerAcceptedForItsOwnerAlone() throws IOException {
        belay.environment().remove("BELAY_KEY");
        belay.environment().put("HOME", folder.toString());
        belay.typing(KEY + "\n")
                .server()
                .on("GET /me", 200, "{\"name\":\"ada\",\"role\":\"releaser\"}")
                .on("GET /users", 200, "[]");

        assertThat(belay.call("login")).isZero();

        Path file = folder.resolve(".config/belay/login.json");
        assertThat(belay.out())
                .isEqualTo("Logged in at " + belay.server().url() + " as ada (releaser); remembered in " + file + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        belay.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        assertThat(belay.call("get", "users")).as(belay.err()).isZero();
        assertThat(belay.server().asked().get(1).headers())
                .containsEntry("authorization", "Bearer " + KEY)
                .containsEntry("x-belay-project", "shop");
    }

    @Test
    void loginRemembersNothingThatTheServerRefuses() {
        belay.environment().put("HOME", folder.toString());
        belay.server().on("GET /me", 401, "{\"code\":\"unauthorized\",\"detail\":\"the key is not known\"}");

        assertThat(belay.call("login")).isEqualTo(1);

        assertThat(belay.err()).contains("the key is not known").doesNotContain(KEY);
        assertThat(folder.resolve(".config")).doesNotExist();
    }

    @Test
    void aRememberedKeyIsShownToItsOwnServerOnly() throws IOException {
        belay.environment().put("HOME", folder.toString());
        belay.server().on("GET /me", 200, "{}");
        assertThat(belay.call("login")).isZero();
        belay.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));

        assertThat(belay.call("get", "users", "--server", "http://localhost:1")).isEqualTo(1);

        assertThat(belay.err()).startsWith("belay: needs --key KEY");
    }

    @Test
    void planSaysWhatStagesCostAndWhatCannotBeJudged() throws IOException {
        belay.typing("""
                apiVersion: belay.dev/v1
                kind: Rollout
                spec: { environment: production, flag: new-checkout, template: auto, control: off, treatments: [ on ] }
                """).server().on("POST /rollouts/plan", 200, """
                {"template":"auto@3","trafficFrom":"given","stages":[
                  {"stage":"internal","guardrails":[{"guardrail":"conversion","judged":"NOT_APPLICABLE"}]},
                  {"stage":"canary","hours":31.5,"guardrails":[{"guardrail":"conversion","judged":"LATE",
                     "treatedToBreach":1500,"hoursToBreach":20,"treatedToHealthy":2402,"hoursToHealthy":31.5}]}],
                 "warnings":["stage internal compares nobody"],"suggestions":[{"sentence":"errors rises 30 %"}]}""");

        assertThat(belay.call("plan", "-f", "-", "--units", "rest=700", "--rate", "conversion=10%"))
                .as(belay.err())
                .isZero();

        JsonNode asked = Belay.json(belay.server().only().body());
        assertThat(asked.at("/manifest/0/spec/project").asText()).isEqualTo("shop");
        assertThat(asked.path("traffic").toString())
                .isEqualTo("{\"unitsPerHour\":{\"rest\":700.0},\"metrics\":{\"conversion\":{\"rate\":0.1}}}");
        assertThat(belay.out()).isEqualTo("""
                Plan of auto@3, with traffic from given.

                STAGE     LASTS   GUARDRAIL   JUDGED          TREATED TO BREACH  TREATED TO HEALTHY
                internal  ?       conversion  NOT_APPLICABLE
                canary    31.5 h  conversion  LATE            1,500 (20.0 h)     2,402 (31.5 h)

                Warnings:
                  stage internal compares nobody

                Guardrails you may want:
                  errors rises 30 %
                """);
    }

    @Test
    void evaluateSaysWhatAUnitIsServedAndWhy() throws IOException {
        belay.server()
                .on("POST /ofrep/v1/evaluate/flags/x", 200, "{\"value\":true,\"variant\":\"on\",\"reason\":\"SPLIT\"}");

        assertThat(belay.call(
                        "flags",
                        "evaluate",
                        "other/staging/x",
                        "-u",
                        "ada",
                        "--property",
                        "age=36",
                        "--property",
                        "plan=pro"))
                .isZero();

        assertThat(belay.out()).isEqualTo("other/staging/x for ada: true (on, SPLIT)\n");
        assertThat(belay.server().only().body())
                .isEqualTo("{\"context\":{\"targetingKey\":\"ada\",\"age\":36,\"plan\":\"pro\"}}");
        assertThat(belay.server().only().headers())
                .containsEntry("x-belay-project", "other")
                .containsEntry("x-belay-environment", "staging");
    }

    @Test
    void drillBreaksAFlagAndShowsThatTheNetHolds() throws IOException {
        FakeServer server = drilled();
        server.on("POST /ofrep/v1/evaluate/flags/net", 200, "{\"variant\":\"off\"}");

        assertThat(belay.call("drill", "--users", "50", "--flag", "net"))
                .as(belay.err())
                .isZero();

        assertThat(belay.out())
                .containsSubsequence(
                        "wrote flag, metric and template",
                        "rollout epoch 1 is running",
                        "25 visitors, 25 with the treatment",
                        "rolled back: conversion fell",
                        "25 of 25 who had the treatment are off",
                        "an advance is refused",
                        "The net holds.");
        assertThat(server.requests()).contains("PUT /flags/shop/production/net", "DELETE /templates/shop/net");
    }

    @Test
    void drillEndsWithThreeWhenSomebodyKeepsTheTreatment() throws IOException {
        drilled();

        assertThat(belay.call("drill", "--users", "50", "--flag", "net", "--within", "200ms", "-o", "json"))
                .isEqualTo(3);

        JsonNode result = Belay.json(belay.out());
        assertThat(result.path("held").booleanValue()).isFalse();
        assertThat(result.path("because").asText()).startsWith("somebody still had the treatment");
    }

    /** Everybody gets the treatment, and it is taken back after the first visitors. */
    private FakeServer drilled() {
        FakeServer server = belay.server()
                .on("PUT /metrics/shop/drill-conversion", 200, "{}")
                .on("PUT /templates/shop/net", 200, "{}")
                .on("PUT /flags/shop/production/net", 200, "{}")
                .on("POST /rollouts", 404, "{}")
                .on("POST /rollouts", 201, "{\"epoch\":1}")
                .on("DELETE /templates/shop/net", 204, "")
                .on("GET /rollbacks?project=shop&environment=production&flag=net", 200, "{\"items\":[]}")
                .on(
                        "GET /rollbacks?project=shop&environment=production&flag=net",
                        200,
                        "{\"items\":[{\"epoch\":1,\"reason\":\"conversion fell\"}]}")
                .on("POST /rollouts/shop/production/net/1/advance", 409, "{\"code\":\"over\"}");
        for (int i = 0; i < 26; i++) {
            server.on("POST /ofrep/v1/evaluate/flags/net", 200, "{\"variant\":\"on\"}");
        }
        return server;
    }

    @Test
    void drillNamesTheOptionThatIsWrong() {
        assertThat(belay.call("drill", "--users", "3")).isEqualTo(1);
        assertThat(belay.err()).isEqualTo("belay: --users must lie in [50, 100000], was 3\n");
    }

    @Test
    void completionKnowsEveryWord() {
        assertThat(belay.call("completion")).isZero();

        assertThat(belay.out()).contains("_complete_belay", "backtest", "watch", "--thin-treatment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "demo", "replay"})
    void wordsOfTheLauncherSayWhoAnswersThem(String word) {
        assertThat(belay.call(word, "--exit")).isEqualTo(1);
        assertThat(belay.err()).isEqualTo("belay: " + word + " runs the services: call ./belay " + word + "\n");
    }
}
