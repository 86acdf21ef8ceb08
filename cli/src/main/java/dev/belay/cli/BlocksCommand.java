// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The blocks that a guardrail of a rollout was judged by, a line each. */
@Command(
        name = "blocks",
        mixinStandardHelpOptions = true,
        description =
                "Writes the blocks a guardrail was judged by, for belay judge --mode arrival, or bernoulli where the"
                        + " lines say so.")
final class BlocksCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag[#epoch]")
    String flag = "";

    @Option(names = "--guardrail", paramLabel = "NAME", description = "guardrail (default: the first that compares)")
    @Nullable
    String guardrail;

    @Option(names = "--variant", paramLabel = "KEY", description = "treatment (default: the first)")
    @Nullable
    String variant;

    @Option(names = "--segment", paramLabel = "DIMENSION=VALUE", description = "segment (default: everyone)")
    @Nullable
    String segment;

    @Option(names = "--epoch", paramLabel = "N", description = "epoch (default: the latest)")
    @Nullable
    Integer epoch;

    BlocksCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int hash = flag.indexOf('#');
        FlagRef ref = server.flag(hash < 0 ? flag : flag.substring(0, hash));
        Map<String, Optional<String>> query = new LinkedHashMap<>();
        query.put("guardrail", Optional.ofNullable(guardrail));
        query.put("variant", Optional.ofNullable(variant));
        query.put("segment", Optional.ofNullable(segment));
        query.put(
                "epoch",
                hash < 0 ? Optional.ofNullable(epoch).map(String::valueOf) : Optional.of(flag.substring(hash + 1)));
        String path = "/evidence/" + Paths.of(ref) + "/blocks" + Paths.query(query);
        for (JsonNode block : server.connect().get(path).body().path("items")) {
            terminal.out().println(block);
        }
        return 0;
    }
}
