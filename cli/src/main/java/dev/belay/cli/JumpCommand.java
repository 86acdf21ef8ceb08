// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Enters a stage out of order, as the rollout was seen a moment ago. */
@Command(
        name = "jump",
        description = "Enters a later stage at once, with a reason for the record; never over a breach.")
final class JumpCommand extends FlagCommand {
    @Option(names = "--stage", required = true, paramLabel = "NAME", description = "the stage")
    String stage = "";

    @Option(names = "--override", description = "also when gates between are not met; audited, never over a breach")
    boolean override;

    JumpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        JsonNode state = connected.get(Paths.rollouts(ref)).body();
        WaitCommand.stageIndex(state, stage);
        ObjectNode body = body().put("stage", stage)
                .put("expectedVersion", state.path("version").asLong());
        if (override) {
            body.put("override", true);
        }
        String path = Paths.rollouts(ref) + "/" + state.path("epoch").asInt() + "/jump";
        JsonNode answer = connected.post(path, body).body();
        return new Done(answer, Lines.rollout(answer));
    }
}
