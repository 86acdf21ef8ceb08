// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.manifest.ManifestForm;
import picocli.CommandLine.Command;

/** Why a rollout is where it is. */
@Command(name = "why", description = "Says why the rollout is where it is.")
final class WhyCommand extends LookCommand {
    WhyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void show(Server connected, FlagRef ref, int asked) throws IOException, InterruptedException {
        JsonNode why = connected.get(Paths.rollouts(ref) + "/" + asked + "/why").body();
        output.print(terminal, why, () -> why.hasNonNull("sentence") ? Lines.why(why) : ManifestForm.yaml(why));
    }
}
