// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Another try: a new epoch with the plan of the last one and evidence of its own. */
@Command(
        name = "restart",
        description =
                "Starts the last rollout again as a new epoch, perhaps from a later stage; refused while its breach"
                        + " stands, unless overridden.")
final class RestartCommand extends FlagCommand {
    @Option(names = "--from", paramLabel = "STAGE", description = "stage to begin with (default: the first)")
    @Nullable
    String from;

    @Option(names = "--override", description = "also while the breach stands; audited")
    boolean override;

    RestartCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Done act(Server connected, FlagRef ref) throws IOException, InterruptedException {
        ObjectNode body = body();
        if (from != null) {
            body.put("from", from);
        }
        if (override) {
            body.put("override", true);
        }
        JsonNode answer = connected.post(Paths.rollouts(ref) + "/restart", body).body();
        return new Done(answer, Lines.rollout(answer));
    }
}
