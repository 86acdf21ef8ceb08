// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that looks at one rollout again and again. It stays with the epoch it found. */
@Command(mixinStandardHelpOptions = true)
abstract class FollowCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag")
    String flag = "";

    @Option(names = "--every", paramLabel = "TIME", description = "how often it looks (default: ${DEFAULT-VALUE})")
    String every = "2s";

    FollowCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FlagRef ref = server.flag(flag);
        Duration pause = Durations.parse("--every", every);
        if (pause.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("--every must be at least 10ms, was " + every);
        }
        return follow(server.connect(), ref, pause);
    }

    /** Looks until there is an exit code. */
    abstract int follow(Server connected, FlagRef ref, Duration pause) throws IOException, InterruptedException;
}
