// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;

/** Lifts a kill. */
@Command(name = "restore", description = "Lifts a kill: the flag's definition decides again.")
final class RestoreCommand extends FlagCommand {
    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        JsonNode answer =
                connected.post(Paths.rollouts(ref) + "/restore", body()).body();
        return new Done(answer, Lines.rollout(answer));
    }
}
