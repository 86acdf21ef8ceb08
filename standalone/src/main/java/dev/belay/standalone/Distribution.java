// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.belay.standalone.distributed.Fleet;
import dev.belay.standalone.distributed.Gateway;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Supervisor;

/** {@code belay up --distributed}: broker and database here, every service in processes of its own, one address for all. */
final class Distribution {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Installation.Settings settings;
    private final int replicas;
    private final int heapMegabytes;

    Distribution(Installation.Settings settings, int replicas, int heapMegabytes) {
        this.settings = settings;
        this.replicas = replicas;
        this.heapMegabytes = heapMegabytes;
    }

    /** Runs until the process is asked to stop. */
    int run() throws IOException, InterruptedException {
        Logger.getLogger("").setLevel(Level.SEVERE);
        Instant begun = Instant.now();
        CountDownLatch stop = Services.untilStopped();
        try (Installation installation = Installation.startForOthers(settings);
                Fleet fleet = new Fleet(launch(installation), any -> replicas);
                Gateway gateway = Gateway.start(fleet, installation.port())) {
            System.out.println("Starting " + fleet.replicas().size() + " processes.");
            fleet.start(PATIENCE);
            fleet.awaitReady(PATIENCE);
            gateway.awaitReady(PATIENCE);
            try (Supervisor supervisor = new Supervisor(fleet, Distribution::say)) {
                supervisor.start();
                introduce(installation, gateway, fleet, Duration.between(begun, Instant.now()));
                stop.await();
            }
            return 0;
        } catch (InterruptedException e) {
            return Services.INTERRUPTED;
        }
    }

    private Replica.Launch launch(Installation installation) {
        return new Replica.Launch(
                Path.of(System.getProperty("belay.home", "")).toAbsolutePath(),
                installation.data(),
                heapMegabytes,
                installation.shared());
    }

    private static void introduce(Installation installation, Gateway gateway, Fleet fleet, Duration took) {
        System.out.println("Belay is up at " + gateway.url() + " after " + took.toSeconds() + " s, "
                + fleet.replicas().size() + " processes");
        for (Replica replica : fleet.replicas()) {
            System.out.printf(
                    "  %-22s %s  pid %d  %s%n",
                    replica.name(), replica.url(), replica.process().pid(), replica.log());
        }
        UpCommand.introduce(installation);
    }

    private static void say(String sentence) {
        System.out.println(sentence);
    }
}
