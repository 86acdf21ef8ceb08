// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;

/** Lifts a kill. */
@Command(name = "restore", description = "Lifts a kill: the flag's definition decides again.")
final class RestoreCommand extends FlagCommand {
    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    String act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        return Lines.rollout(
                connected.post(Paths.rollouts(ref) + "/restore", body()).body());
    }
}
