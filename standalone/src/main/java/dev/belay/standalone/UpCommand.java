// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

import io.quarkus.runtime.Quarkus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything, with data kept. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Starts everything; data is kept.")
final class UpCommand implements Callable<Integer> {
    private static final String DEFAULT_DATA = ".belay";

    @Mixin
    Main.Place place = new Main.Place();

    @Option(names = "--data", paramLabel = "DIR", description = "folder that keeps the data (default: ./.belay)")
    Path data = Path.of(DEFAULT_DATA);

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "HTTP port, 0 for a free one (default: ${DEFAULT-VALUE})")
    int port = 8080;

    @Override
    public Integer call() throws IOException {
        Map<String, String> quiet = Map.of("quarkus.log.console.level", "OFF", "quarkus.banner.enabled", "false");
        return Main.run(place.settings(data, port, quiet), this::serve);
    }

    private int serve(Installation installation) {
        System.out.println("Belay is up at " + installation.keys().url());
        System.out.println("  data      " + installation.data());
        System.out.println("  log       " + installation.log());
        System.out.println("  Kafka     " + installation.kafkaAddress());
        System.out.println("  Postgres  " + installation.databaseAddress());
        System.out.println("  admin     " + installation.keys().admin());
        System.out.println("  server    " + installation.keys().server());
        System.out.println("  client    " + installation.keys().client());
        System.out.println("  events    " + installation.keys().events());
        System.out.println("Ctrl-C stops it; `belay keys` shows the keys again.");
        Quarkus.waitForExit();
        return 0;
    }
}
