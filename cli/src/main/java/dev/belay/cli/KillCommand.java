// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;

/** The off variant for everyone. */
@Command(name = "kill", description = "Serves the off variant to everyone, at once.")
final class KillCommand extends FlagCommand {
    KillCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    String act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        int status = connected.post("/kills", bodyAbout(ref)).status();
        return ref + (status == RollbackCommand.CREATED ? " is killed" : " was killed already")
                + "; `belay restore` lifts it";
    }
}
