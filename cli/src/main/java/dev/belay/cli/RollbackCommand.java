// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a rollout back, for good. */
@Command(
        name = "rollback",
        description = "Takes the rollout back; another try is a new rollout. Works while the scheduler is down.")
final class RollbackCommand extends FlagCommand {
    static final int CREATED = 201;

    @Option(
            names = "--target",
            paramLabel = "WHAT",
            description = "all, variant:KEY or segment:ATTRIBUTE=VALUE (default: all)")
    @Nullable
    String target;

    @Option(names = "--epoch", paramLabel = "N", description = "epoch to take back (default: the present one)")
    @Nullable
    Integer epoch;

    RollbackCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        ObjectNode body = bodyAbout(ref);
        if (target != null) {
            body.put("target", target);
        }
        if (epoch != null) {
            body.put("epoch", epoch);
        }
        Server.Answer answer = connected.post("/rollbacks", body);
        String sentence = ref + " epoch " + answer.body().path("epoch").asText("?") + ": "
                + answer.body().path("target").asText("all")
                + (answer.status() == CREATED ? " is rolled back" : " was rolled back already");
        return new Done(answer.body(), sentence);
    }
}
