// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Breaks a throw-away flag on purpose. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description =
                "Breaks a throw-away flag on purpose and shows that the net holds, with times: a rollout starts, its"
                        + " treatment converts nobody, it is taken back, and everyone who had it is off. Ends with 0 when it held,"
                        + " with 3 when not. Archives its flag and takes its template away.")
final class DrillCommand implements Callable<Integer> {
    private static final String PLACE = "drill";
    private static final int FEWEST = 50;
    private static final int MOST = 100_000;

    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Option(names = "--users", paramLabel = "N", description = "visitors at most (default: ${DEFAULT-VALUE})")
    int users = 1_000;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "how long each step may take (default: ${DEFAULT-VALUE})")
    String within = "30s";

    @Option(names = "--flag", paramLabel = "KEY", description = "key of the flag (default: one of its own)")
    @Nullable
    String flag;

    DrillCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (users < FEWEST || users > MOST) {
            throw new IllegalArgumentException("--users must lie in [" + FEWEST + ", " + MOST + "], was " + users);
        }
        Duration patience = Durations.parse("--within", within);
        String key = flag == null
                ? "drill-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
                : Require.name(flag, "--flag");
        FlagRef ref =
                new FlagRef(server.project().orElse(PLACE), server.environment().orElse(PLACE), key);
        Drill drill = new Drill(server.connectAbout(ref), ref, patience, this::say);
        ObjectNode result = drill.run(users);
        output.print(terminal, result, () -> sentence(result));
        return result.path("held").asBoolean() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** Steps are told as they happen, where a person reads. */
    private void say(double seconds, String step) {
        if (output.form == null || output.form == OutputOptions.Form.table) {
            terminal.out().println(String.format("%7.2f s  %s", seconds, step));
        }
    }

    private static String sentence(ObjectNode result) {
        return result.path("held").asBoolean()
                ? "The net holds.\n"
                : "The net does not hold: " + result.path("because").asText() + "\n";
    }
}
