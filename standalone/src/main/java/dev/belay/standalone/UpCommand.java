// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import io.quarkus.runtime.Quarkus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything, with data kept. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Starts everything; data is kept.")
final class UpCommand implements Callable<Integer> {
    private static final String DEFAULT_DATA = ".belay";
    private static final int MOST_REPLICAS = 9;

    @Mixin
    Main.Place place = new Main.Place();

    @Option(names = "--data", paramLabel = "DIR", description = "folder that keeps the data (default: ./.belay)")
    Path data = Path.of(DEFAULT_DATA);

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "HTTP port, 0 for a free one (default: ${DEFAULT-VALUE})")
    int port = 8080;

    @Option(names = "--distributed", description = "every service as processes of its own, behind one address")
    boolean distributed;

    @Option(
            names = "--replicas",
            defaultValue = "2",
            description = "processes of each service, 1 to 9, with --distributed (default: ${DEFAULT-VALUE})")
    int replicas = 2;

    @Option(
            names = "--heap",
            defaultValue = "192",
            paramLabel = "MB",
            description = "heap of each process, with --distributed (default: ${DEFAULT-VALUE})")
    int heap = 192;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (replicas < 1 || replicas > MOST_REPLICAS) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--replicas must be from 1 to " + MOST_REPLICAS + ", was " + replicas);
        }
        if (distributed) {
            return new Distribution(place.settings(data, port, Map.of()), replicas, heap).run();
        }
        Map<String, String> quiet = Map.of("quarkus.log.console.level", "OFF", "quarkus.banner.enabled", "false");
        return Main.run(place.settings(data, port, quiet), this::serve);
    }

    private int serve(Installation installation) {
        System.out.println("Belay is up at " + installation.keys().url());
        System.out.println("  log       " + installation.log());
        introduce(installation);
        Quarkus.waitForExit();
        return 0;
    }

    /** Says where everything is. */
    static void introduce(Installation installation) {
        System.out.println("  console   " + installation.keys().page());
        System.out.println("  data      " + installation.data());
        System.out.println("  Kafka     " + installation.kafkaAddress());
        System.out.println("  Postgres  " + installation.databaseAddress());
        System.out.println("  admin     " + installation.keys().admin());
        System.out.println("  server    " + installation.keys().server());
        System.out.println("  client    " + installation.keys().client());
        System.out.println("  events    " + installation.keys().events());
        System.out.println("Ctrl-C stops it; `belay keys` shows the keys again.");
    }
}
