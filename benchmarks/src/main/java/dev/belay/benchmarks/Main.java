// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.belay.benchmarks.edge.EdgeCommand;
import dev.belay.benchmarks.latency.BareHop;
import dev.belay.benchmarks.latency.BareStreams;
import dev.belay.benchmarks.latency.LatencyCommand;
import dev.belay.benchmarks.process.BrokerCommand;
import dev.belay.benchmarks.simulate.SimulateCommand;
import dev.belay.benchmarks.statistics.StatisticsCommand;
import dev.belay.benchmarks.watcher.WatcherCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code benchmarks/run NAME [options]}: the benchmarks, and the processes that they start. */
@Command(name = "benchmarks/run", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "NAME")
public final class Main implements Runnable {
    /** Kept, because a logger that nobody holds forgets its level. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger(""), Logger.getLogger("org.apache.kafka"));

    /** How much the clients and the broker say, as {@link Level#parse} reads it; nothing but failures when it is not set. */
    private static final String LOG = "benchmarks.log";

    private Main() {}

    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        Level level = Level.parse(System.getProperty(LOG, Level.SEVERE.getName()));
        LOGGERS.forEach(logger -> logger.setLevel(level));
        Handler console = new ConsoleHandler();
        console.setLevel(level);
        LOGGERS.get(0).addHandler(console);
        int code = new CommandLine(new Main())
                .addSubcommand("watcher", new WatcherCommand())
                .addSubcommand("edge", new EdgeCommand())
                .addSubcommand("latency", new LatencyCommand())
                .addSubcommand("simulate", new SimulateCommand())
                .addSubcommand("statistics", new StatisticsCommand())
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
