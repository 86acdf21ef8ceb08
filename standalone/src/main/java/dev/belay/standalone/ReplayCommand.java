// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.belay.standalone.replay.ReplayRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Real experiment data through the edge. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Sends a recorded experiment through the edge to a guarded 50/50 stage and says what came out.")
final class ReplayCommand implements Callable<Integer> {
    private static final Map<String, String> QUIET = Map.of(
            "quarkus.log.console.level", "OFF",
            "quarkus.banner.enabled", "false",
            "belay.watcher.heartbeat", "PT1S",
            "belay.watcher.block-age", "PT2S");

    @Mixin
    Main.Place place = new Main.Place();

    @Mixin
    ReplayRun run = new ReplayRun();

    @Override
    public Integer call() throws IOException, InterruptedException {
        run.check();
        if (run.isElsewhere()) {
            return run.play("", "");
        }
        return Main.runOnce(
                place,
                0,
                QUIET,
                installation ->
                        run.play(installation.keys().url(), installation.keys().admin()));
    }
}
