// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.belay.benchmarks.edge.EdgeCommand;
import dev.belay.benchmarks.latency.BareHop;
import dev.belay.benchmarks.latency.BareStreams;
import dev.belay.benchmarks.latency.LatencyCommand;
import dev.belay.benchmarks.process.BrokerCommand;
import dev.belay.benchmarks.watcher.WatcherCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code benchmarks/run NAME [options]}: the benchmarks, and the processes that they start. */
@Command(name = "benchmarks/run", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "NAME")
public final class Main implements Runnable {
    /** Kept, because a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger(""), Logger.getLogger("org.apache.kafka"));

    private Main() {}

    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        int code = new CommandLine(new Main())
                .addSubcommand("watcher", new WatcherCommand())
                .addSubcommand("edge", new EdgeCommand())
                .addSubcommand("latency", new LatencyCommand())
                .addSubcommand(BrokerCommand.NAME, new BrokerCommand())
                .addSubcommand(BareStreams.NAME, new BareStreams())
                .addSubcommand(BareHop.NAME, new BareHop())
                .execute(args);
        // A broker and the clients keep threads of their own.
        System.exit(code);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
