// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Steers the latest rollout of a flag, as it was seen a moment ago: not if something changed in between. */
@Command
final class TransitionCommand extends FlagCommand {
    private final Transition transition;

    @Option(names = "--override", description = "also when its gate is not met; audited, never over a breach")
    boolean override;

    private TransitionCommand(Terminal terminal, Transition transition) {
        super(terminal);
        this.transition = transition;
    }

    static CommandLine of(Terminal terminal, Transition transition) {
        CommandLine command = new CommandLine(new TransitionCommand(terminal, transition));
        command.getCommandSpec().usageMessage().description(transition.description());
        return command;
    }

    @Override
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        JsonNode state = connected.get(Paths.rollouts(ref)).body();
        ObjectNode body = body().put("expectedVersion", state.path("version").asLong());
        if (override) {
            body.put("override", true);
        }
        String path = Paths.rollouts(ref) + "/" + state.path("epoch").asInt() + "/" + transition.verb();
        JsonNode answer = connected.post(path, body).body();
        return new Done(answer, Lines.rollout(answer));
    }
}
