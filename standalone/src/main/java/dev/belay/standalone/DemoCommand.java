// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.belay.standalone.demo.Demo;
import dev.belay.standalone.demo.Scenario;
import io.quarkus.runtime.Quarkus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A rollout being caught. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts everything, lets shoppers in, and shows a rollout being caught.")
final class DemoCommand implements Callable<Integer> {
    /** What a demo shortens so that its holds can be seconds. */
    private static final Map<String, String> SHORT = Map.of(
            "quarkus.log.console.level", "OFF",
            "quarkus.banner.enabled", "false",
            "belay.watcher.heartbeat", "PT1S",
            "belay.watcher.block-age", "PT2S",
            "belay.scheduler.verdict-age", "PT5S",
            "belay.edge.report-every", "PT2S",
            "belay.notifier.allow-private-addresses", "true");

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Main.Place place = new Main.Place();

    @Option(
            names = "--scenario",
            defaultValue = "conversion-drop",
            description = "conversion-drop, errors, healthy, outage or uk-hurts (default: ${DEFAULT-VALUE})")
    String scenario = "conversion-drop";

    @Option(names = "--seed", defaultValue = "1", description = "seed of the shoppers (default: ${DEFAULT-VALUE})")
    long seed = 1;

    @Option(names = "--shoppers", defaultValue = "700", description = "arrivals per second (default: ${DEFAULT-VALUE})")
    int shoppers = 700;

    @Option(names = "--exit", description = "return when the story is over; 0 if clients saw the expected end")
    boolean exit;

    @Option(names = "--json", paramLabel = "FILE", description = "write the result there")
    @Nullable
    Path json;

    @Option(
            names = "--slack",
            paramLabel = "URL",
            description = "incoming webhook (default: a receiver inside the demo)")
    @Nullable
    String slack;

    @Option(names = "--port", defaultValue = "0", description = "HTTP port (default: a free one)")
    int port;

    @Override
    public Integer call() throws IOException {
        Demo.Options options = new Demo.Options(chosen(), seed, shoppers, json, slack);
        return Main.runOnce(place, port, SHORT, installation -> play(options, installation));
    }

    private Scenario chosen() {
        try {
            return Scenario.of(scenario);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec == null ? null : spec.commandLine(), e.getMessage(), e);
        }
    }

    private int play(Demo.Options options, Installation installation) throws IOException, InterruptedException {
        System.out.println("Watch it at " + installation.keys().page());
        boolean expected = new Demo(options, installation, System.out).play();
        if (!exit) {
            System.out.println("Everything still runs at " + installation.keys().url() + " with the key "
                    + installation.keys().admin() + "; Ctrl-C stops it.");
            Quarkus.waitForExit();
        }
        return expected ? 0 : 1;
    }
}
