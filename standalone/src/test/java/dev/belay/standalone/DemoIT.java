// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** The main job, from shoppers to the Slack message, through every service in one JVM. */
@Execution(ExecutionMode.CONCURRENT)
class DemoIT {
    private static final double TO_ACT = Math.log(100);

    @TempDir
    Path folder;

    @Test
    void aRolloutThatCostsConversionIsTakenBack() throws IOException, InterruptedException {
        JsonNode result = play("conversion-drop");

        assertThat(result.path("outcome").asText()).isEqualTo("rolled_back");
        assertThat(result.path("guardrail").asText()).isEqualTo("conversion");
        assertThat(result.path("logEvidence").asDouble()).isGreaterThanOrEqualTo(TO_ACT);
        assertThat(result.path("estimate").asDouble()).isLessThanOrEqualTo(-0.2);
        assertThat(result.path("evidenceToOffMillis").isNumber()).isTrue();
    }

    @Test
    @Tag("thorough")
    void aRolloutIsTakenBackWhileTheDatabaseIsAway() throws IOException, InterruptedException {
        JsonNode result = play("outage");

        assertThat(result.path("outcome").asText()).isEqualTo("rolled_back");
        assertThat(result.path("guardrail").asText()).isEqualTo("conversion");
    }

    @Test
    @Tag("thorough")
    void aCountryThatIsHarmedIsTakenBackAloneAndTheOthersGoOn() throws IOException, InterruptedException {
        JsonNode result = play("uk-hurts");

        assertThat(result.path("outcome").asText()).isEqualTo("completed");
        assertThat(result.path("guardrail").asText()).isEqualTo("conversion");
        assertThat(result.path("segment").asText()).isEqualTo("country=UK");
        assertThat(result.path("target").asText()).isEqualTo("segment:country=UK");
        assertThat(result.path("estimate").asDouble()).isLessThanOrEqualTo(-0.2);
        assertThat(result.path("everyone").asDouble()).isPositive();
        assertThat(result.path("evidenceToOffMillis").isNumber()).isTrue();
    }

    private JsonNode play(String scenario) throws IOException, InterruptedException {
        Path json = folder.resolve(scenario + ".json");
        BuiltApplication.Run run = BuiltApplication.run(
                Duration.ofMinutes(6), "demo", "--scenario", scenario, "--exit", "--json", json.toString());

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("The Slack message, as it was posted");
        return Json.read(Files.readString(json), JsonNode.class);
    }
}
