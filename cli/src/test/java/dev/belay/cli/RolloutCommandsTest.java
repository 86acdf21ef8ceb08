// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutCommandsTest {
    private static final String EPOCH = Belay.LATEST + "/3";
    private static final String EVIDENCE = "GET /evidence/shop/production/new-checkout";

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

    private static String ended(String status) {
        return Belay.STATE.replace("RUNNING", status);
    }

    @ParameterizedTest
    @CsvSource({"COMPLETED, 0", "ROLLED_BACK, 3", "CANCELLED, 3", "RESTORED, 3"})
    void waitEndsWithWhatBecameOfIt(String status, int code) {
        belay.server()
                .on(Belay.LATEST, 200, Belay.STATE)
                .on(EPOCH, 200, Belay.STATE)
                .on(EPOCH, 200, ended(status));

        assertThat(belay.call("rollout", "wait", "new-checkout", "--every", "10ms"))
                .isEqualTo(code);

        assertThat(belay.out()).isEqualTo("shop/production/new-checkout epoch 3: " + status + " in stage canary\n");
    }

    @Test
    void waitIsOverWhenTheStageIsReached() {
        String half = Belay.STATE.replace("{\"number\":2,\"stage\":1}", "{\"number\":2,\"stage\":2}");
        belay.server()
                .on(Belay.LATEST, 200, Belay.STATE)
                .on(EPOCH, 200, Belay.STATE)
                .on(EPOCH, 200, half);

        assertThat(belay.call("rollout", "wait", "new-checkout", "--stage", "half", "--every", "10ms"))
                .isZero();

        assertThat(belay.out()).endsWith("RUNNING in stage half\n");
    }

    @Test
    void waitDoesNotLastForEver() {
        belay.server().on(Belay.LATEST, 200, Belay.STATE).on(EPOCH, 200, Belay.STATE);

        assertThat(belay.call("rollout", "wait", "new-checkout", "--every", "10ms", "--timeout", "30ms"))
                .isEqualTo(1);

        assertThat(belay.err()).isEqualTo("belay: the rollout must be over within --timeout, was 30ms\n");
    }

    @Test
    void waitNamesTheStagesThereAre() {
        belay.server().on(Belay.LATEST, 200, Belay.STATE);

        assertThat(belay.call("rollout", "wait", "new-checkout", "--stage", "quarter"))
                .isEqualTo(1);
        assertThat(belay.call("rollout", "wait", "new-checkout", "--every", "2"))
                .isEqualTo(1);

        assertThat(belay.err())
                .isEqualTo("belay: --stage must be one of beta, canary, half, was quarter\n"
                        + "belay: --every must be a duration such as 500ms, 30s, 10m, 1h or 7d, was 2\n");
    }

    @Test
    void watchSaysALinePerChangeAndEndsWithTheRollout() {
        belay.server()
                .on(Belay.LATEST, 200, Belay.STATE)
                .on(EPOCH + "/why", 200, "{\"sentence\":\"It waits.\"}")
                .on(EVIDENCE, 200, "{\"items\":[]}")
                .on(EPOCH, 200, Belay.STATE)
                .on(EPOCH, 200, Belay.STATE)
                .on(EPOCH, 200, ended("ROLLED_BACK"));

        assertThat(belay.call("rollout", "watch", "new-checkout", "--every", "10ms"))
                .isEqualTo(3);

        assertThat(belay.out())
                .isEqualTo("shop/production/new-checkout epoch 3: RUNNING in stage canary. It waits.\n"
                        + "shop/production/new-checkout epoch 3: ROLLED_BACK in stage canary. It waits.\n");
    }

    @Test
    void watchDrawsAPageWhereAPersonLooksOn() {
        belay.environment().put("BELAY_TERMINAL", "true");
        belay.server()
                .on(Belay.LATEST, 200, ended("COMPLETED"))
                .on(EPOCH + "/why", 200, "{\"sentence\":\"It is done.\",\"next\":\"Nothing.\"}")
                .on(EVIDENCE, 200, """
                        {"items":[{"epoch":3,"guardrail":"conversion","control":{"exposed":1000,"events":100},
                         "treatment":{"exposed":1000,"events":90},"estimate":{"ratio":0.9},"logTotal":2.3},
                         {"epoch":2,"guardrail":"of-an-older-one"}]}""");

        assertThat(belay.call("rollout", "watch", "new-checkout")).isZero();

        assertThat(belay.out())
                .startsWith("\u001b[H")
                .contains("beta > [canary] > half")
                .contains("conversion  everyone  100 of 1,000  90 of 1,000  -10.0 %  9.97:1")
                .doesNotContain("of-an-older-one");
    }

    @Test
    void jumpNamesStageVersionAndReason() {
        belay.server()
                .on(Belay.LATEST, 200, Belay.STATE)
                .on("POST /rollouts/shop/production/new-checkout/3/jump", 200, Belay.STATE);

        assertThat(belay.call("rollout", "jump", "new-checkout", "--stage", "half", "-r", "we know"))
                .isZero();

        assertThat(belay.server().asked().get(1).body())
                .isEqualTo("{\"reason\":\"we know\",\"stage\":\"half\",\"expectedVersion\":7}");
        assertThat(belay.call("rollout", "jump", "new-checkout", "--stage", "moon", "-r", "we know"))
                .isEqualTo(1);
        assertThat(belay.err()).isEqualTo("belay: --stage must be one of beta, canary, half, was moon\n");
    }

    @Test
    void restartBeginsInALaterStage() throws IOException {
        belay.server().on("POST /rollouts/shop/production/new-checkout/restart", 201, Belay.STATE);

        assertThat(belay.call("rollout", "restart", "new-checkout", "--from", "half", "--override", "-r", "fixed"))
                .isZero();

        assertThat(Belay.json(belay.server().only().body()))
                .isEqualTo(Belay.json("{\"reason\":\"fixed\",\"from\":\"half\",\"override\":true}"));
    }

    @Test
    void timelineSaysWhatHappenedInOrder() {
        belay.server().on(EPOCH + "/timeline", 200, """
                {"items":[{"at":"2026-01-05T09:00:00Z","what":"started","by":{"name":"ada"},"reason":"from auto@3"},
                          {"at":"2026-01-05T10:00:00Z","what":"raised","stage":"canary","by":{"name":"rollout-scheduler"},"reason":"proven"}]}""");

        assertThat(belay.call("rollout", "timeline", "new-checkout#3")).isZero();

        assertThat(belay.out()).isEqualTo("""
                AT                    WHAT     STAGE   BY                 WHY
                2026-01-05T09:00:00Z  started          ada                from auto@3
                2026-01-05T10:00:00Z  raised   canary  rollout-scheduler  proven
                """);
        assertThat(belay.call("rollout", "timeline", "new-checkout#x")).isEqualTo(1);
        assertThat(belay.err()).isEqualTo("belay: FLAG must end in #EPOCH, a number from 1, was #x\n");
    }

    @Test
    void reportIsMarkdownUnlessAskedOtherwise() {
        belay.server().on(EPOCH + "/report", 200, "# It worked\n\n").on(EPOCH + "/report", 200, "{\"epoch\":3}");

        assertThat(belay.call("rollout", "report", "new-checkout", "--epoch", "3"))
                .isZero();
        assertThat(belay.call("rollout", "report", "new-checkout", "--epoch", "3", "-o", "json"))
                .isZero();

        assertThat(belay.out()).isEqualTo("# It worked\n{\n  \"epoch\" : 3\n}\n");
        assertThat(belay.server().asked().get(0).headers()).containsEntry("accept", "text/markdown");
        assertThat(belay.server().asked().get(1).headers()).containsEntry("accept", "application/json");
    }

    @Test
    void whatIsDoneCanBeReadByPrograms() throws IOException {
        belay.server()
                .on(Belay.LATEST, 200, Belay.STATE)
                .on("POST /rollouts/shop/production/new-checkout/3/pause", 200, ended("PAUSED"));

        assertThat(belay.call("rollout", "pause", "new-checkout", "-r", "lunch", "-o", "json"))
                .isZero();

        assertThat(Belay.json(belay.out()).path("status").asText()).isEqualTo("PAUSED");
    }
}
