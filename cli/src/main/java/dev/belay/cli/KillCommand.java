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
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        Server.Answer answer = connected.post("/kills", bodyAbout(ref));
        String sentence = ref
                + (answer.status() == RollbackCommand.CREATED ? " is killed" : " was killed already")
                + "; `belay restore` lifts it";
        return new Done(answer.body(), sentence);
    }
}
