// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** Recorded experiments through the edge, counted to the unit. */
@Execution(ExecutionMode.CONCURRENT)
class ReplayIT {
    private static final int USERS = 4_000;

    @TempDir
    Path folder;

    @Test
    void theCountsAreThoseOfTheRecordingInWhateverOrderAndHoweverOftenItArrives()
            throws IOException, InterruptedException {
        JsonNode result = replay(recording(10, 10), "--shuffle-within", "60s", "--twice");

        assertThat(result.path("outcome").asText()).isEqualTo("running");
        assertThat(result.path("control").path("exposed").asInt()).isEqualTo(USERS / 2);
        assertThat(result.path("control").path("converted").asInt()).isEqualTo(USERS / 2 / 10);
        assertThat(result.path("treatment").path("exposed").asInt()).isEqualTo(USERS / 2);
        assertThat(result.path("treatment").path("converted").asInt()).isEqualTo(USERS / 2 / 10);
        assertThat(result.path("ratio").asDouble()).isEqualTo(1.0);
        assertThat(result.path("logHarm").isNumber()).isTrue();
        assertThat(result.path("logHarm").asDouble()).isNegative();
    }

    @Test
    void aTreatmentThatHalvesConversionIsTakenBack() throws IOException, InterruptedException {
        JsonNode result = replay(recording(5, 10));

        assertThat(result.path("outcome").asText()).isEqualTo("rolled_back");
        assertThat(result.path("decision").asText()).isEqualTo("BREACHED");
        assertThat(result.path("logHarm").asDouble()).isGreaterThanOrEqualTo(Math.log(100));
        assertThat(result.path("treatedUsersAtRollback").asInt()).isBetween(50, USERS / 2);
    }

    /** One visit a user and every third twice; of control every {@code control}th converts, of the treatment likewise. */
    private Path recording(int control, int treatment) throws IOException {
        StringBuilder lines = new StringBuilder("user,variant,bought\n");
        for (int i = 0; i < USERS; i++) {
            boolean treated = i % 2 == 1;
            boolean bought = (i / 2) % (treated ? treatment : control) == 0;
            String line = "u" + i + (treated ? ",new," : ",old,") + (bought ? "yes" : "no") + "\n";
            lines.append(line).append(i % 3 == 0 ? line : "");
        }
        return Files.writeString(folder.resolve("recording.csv"), lines);
    }

    private JsonNode replay(Path file, String... more) throws IOException, InterruptedException {
        Path json = folder.resolve("result.json");
        String[] words = {
            "replay",
            file.toString(),
            "--unit",
            "user",
            "--variant",
            "variant",
            "--treatment",
            "new",
            "--converted",
            "bought",
            "--json",
            json.toString()
        };
        String[] all = new String[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        BuiltApplication.Run run = BuiltApplication.run(Duration.ofMinutes(3), all);

        assertThat(run.code()).as(run.output()).isZero();
        return Json.read(Files.readString(json), JsonNode.class);
    }
}
