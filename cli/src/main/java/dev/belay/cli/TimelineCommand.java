// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;

/** What happened to a rollout, in order. */
@Command(name = "timeline", description = "Says what happened to the rollout, in order.")
final class TimelineCommand extends LookCommand {
    TimelineCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void show(Server connected, FlagRef ref, int asked) throws IOException, InterruptedException {
        JsonNode timeline =
                connected.get(Paths.rollouts(ref) + "/" + asked + "/timeline").body();
        output.print(terminal, timeline, () -> page(timeline));
    }

    private static String page(JsonNode timeline) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode entry : timeline.path("items")) {
            rows.add(List.of(
                    entry.path("at").asText(),
                    entry.path("what").asText(),
                    entry.path("stage").asText(""),
                    entry.at("/by/name").asText(""),
                    entry.path("reason").asText("")));
        }
        return rows.isEmpty()
                ? "Nothing has happened yet.\n"
                : Lines.table(List.of("AT", "WHAT", "STAGE", "BY", "WHY"), rows);
    }
}
