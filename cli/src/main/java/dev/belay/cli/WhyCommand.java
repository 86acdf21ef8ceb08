// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.manifest.ManifestForm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why a rollout is where it is. */
@Command(name = "why", mixinStandardHelpOptions = true, description = "Says why the rollout is where it is.")
final class WhyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag")
    String flag = "";

    @Option(names = "--epoch", paramLabel = "N", description = "epoch (default: the latest)")
    @Nullable
    Integer epoch;

    WhyCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FlagRef ref = server.flag(flag);
        Server connected = server.connect();
        int asked = epoch == null
                ? connected.get(Paths.rollouts(ref)).body().path("epoch").asInt()
                : epoch;
        JsonNode why = connected.get(Paths.rollouts(ref) + "/" + asked + "/why").body();
        terminal.out().print(why.hasNonNull("sentence") ? Lines.why(why) : ManifestForm.yaml(why));
        return 0;
    }
}
