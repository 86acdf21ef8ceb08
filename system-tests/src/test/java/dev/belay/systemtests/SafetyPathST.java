// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Observer;
import dev.belay.systemtests.cluster.Story;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PostgreSQL, flag-config-service, rollout-scheduler and notifier are gone: a breach and {@code belay kill} still turn a
 * flag off at every edge, and neither is forgotten when the rest comes back.
 */
class SafetyPathST {
    private static final List<Service> GONE =
            List.of(Service.FLAG_CONFIG_SERVICE, Service.ROLLOUT_SCHEDULER, Service.NOTIFIER);
    private static final int BATCH = 50;
    private static final int MOST = 20_000;
    private static final Duration SEND = Duration.ofSeconds(5);
    /** The claim is two seconds; a machine that builds other things at the same time gets more. */
    private static final long OFF_WITHIN_MILLIS = 10_000;

    @TempDir
    Path folder;

    private final History history = new History();

    @Test
    void aBreachAndAKillWorkAloneAndAreNotForgotten() throws IOException, InterruptedException {
        Cluster cluster = Cluster.shared();
        Story breached = new Story("alone-breached");
        Story killed = new Story("alone-killed");
        breached.begin(cluster);
        killed.begin(cluster);
        breached.send(cluster, 8 * BATCH, false, history, Cluster.PATIENCE);
        try (Observer observer = new Observer(cluster, history, Set.of(breached.flag(), killed.flag()))) {
            observer.start();
            patiently().until(() -> hasTreatment(killed) && hasTreatment(breached));
            stopAllButTheSafetyPath(cluster);
            try {
                long breachMillis = breach(cluster, breached, observer);
                long killMillis = kill(cluster, killed, observer);
                System.out.println("alone: a breach was off everywhere " + breachMillis
                        + " ms after its evidence, a kill " + killMillis + " ms after the command was begun");
            } finally {
                startTheRest(cluster);
            }
            theTrailShowsBoth(cluster, breached, killed);
            applyingTheOldManifestLiftsNeither(cluster, breached, killed);
            long since = System.nanoTime();
            patiently()
                    .until(() ->
                            observer.areAllOff(breached.flag(), since) && observer.areAllOff(killed.flag(), since));
        }
        assertThat(breachedLater(breached)).isEmpty();
        assertThat(breachedLater(killed)).isEmpty();
    }

    private static void stopAllButTheSafetyPath(Cluster cluster) throws IOException, InterruptedException {
        cluster.database().stop();
        for (Service service : GONE) {
            for (Replica replica : cluster.fleet().replicas(service)) {
                replica.kill();
            }
        }
    }

    private long breach(Cluster cluster, Story story, Observer observer) throws IOException, InterruptedException {
        long since = System.nanoTime();
        while (incident(cluster, story).isMissingNode() && story.users() < MOST) {
            story.send(cluster, BATCH, true, history, SEND);
        }
        patiently().until(() -> observer.areAllOff(story.flag(), since));
        patiently().until(() -> incident(cluster, story).path("status").asText().equals("CONFIRMED"));
        long millis = incident(cluster, story).path("evidenceToOffMillis").asLong();
        assertThat(millis).isLessThan(OFF_WITHIN_MILLIS);
        return millis;
    }

    private long kill(Cluster cluster, Story story, Observer observer) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        String said = belay(cluster, "kill", "shop/production/" + story.flag(), "--reason", "nobody else is left");
        assertThat(said).contains("is killed");
        patiently().until(() -> observer.areAllOff(story.flag(), begun));
        Map<String, Long> last = new HashMap<>();
        history.of(Entry.Served.class, story.flag()).stream()
                .filter(Entry.Served::treatment)
                .forEach(served -> last.merge(served.edge(), served.end(), Math::max));
        long millis = Duration.ofNanos(
                        last.values().stream().mapToLong(Long::longValue).max().orElse(begun) - begun)
                .toMillis();
        assertThat(millis).isLessThan(OFF_WITHIN_MILLIS);
        return Math.max(0, millis);
    }

    private void startTheRest(Cluster cluster) throws IOException {
        cluster.database().restart();
        for (Service service : GONE) {
            for (Replica replica : cluster.fleet().replicas(service)) {
                cluster.restart(replica, history);
            }
        }
        cluster.awaitReady();
    }

    private static void theTrailShowsBoth(Cluster cluster, Story breached, Story killed) {
        patiently().until(() -> trail(cluster, breached).contains("rollout.rollback"));
        patiently().until(() -> trail(cluster, killed).contains("flag.kill"));
        patiently().until(() -> status(cluster, breached).equals("ROLLED_BACK"));
        patiently().until(() -> cluster.slack().about(breached.flag()).stream()
                .anyMatch(message -> message.title().contains("Rolled back")));
        patiently().until(() -> cluster.slack().about(killed.flag()).stream()
                .anyMatch(message -> message.title().contains("Killed")));
    }

    private void applyingTheOldManifestLiftsNeither(Cluster cluster, Story... stories)
            throws IOException, InterruptedException {
        for (Story story : stories) {
            Path file = Files.writeString(folder.resolve(story.flag() + ".yaml"), story.manifest());
            assertThat(belay(cluster, "apply", "-f", file.toString())).contains("drift ignored");
        }
    }

    /** Runs the real command line in a process of its own, as a person does. */
    private String belay(Cluster cluster, String... words) throws IOException, InterruptedException {
        Path output = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder();
        builder.command()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command()
                .addAll(List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        Path.of(System.getProperty("belay.root"), "cli", "target", "cli.jar")
                                .toString()));
        builder.command().addAll(List.of(words));
        builder.command()
                .addAll(List.of(
                        "--server",
                        cluster.keys().url(),
                        "--key",
                        cluster.keys().admin()));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(Cluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private boolean hasTreatment(Story story) {
        return history.of(Entry.Served.class, story.flag()).stream().anyMatch(Entry.Served::treatment);
    }

    /** Returns the edges that served the treatment after their stream had said that it is off. */
    private Set<String> breachedLater(Story story) {
        Set<String> edges = new TreeSet<>();
        for (Entry.Streamed off : history.of(Entry.Streamed.class, story.flag())) {
            history.of(Entry.Served.class, story.flag()).stream()
                    .filter(served ->
                            served.treatment() && served.edge().equals(off.edge()) && served.begin() > off.at())
                    .forEach(served -> edges.add(served.edge()));
        }
        return edges;
    }

    private static JsonNode incident(Cluster cluster, Story story) throws IOException, InterruptedException {
        return Story.patiently(() -> cluster.admin().get("/api/v1/incidents" + story.about()))
                .orElseThrow()
                .path("items")
                .path(0);
    }

    private static String status(Cluster cluster, Story story) throws IOException, InterruptedException {
        return Story.patiently(() -> cluster.admin().get(story.path()))
                .orElseThrow()
                .path("status")
                .asText();
    }

    private static String trail(Cluster cluster, Story story) throws IOException, InterruptedException {
        return Story.patiently(
                        () -> cluster.admin().get("/api/v1/audit?project=shop&subject=shop/production/" + story.flag()))
                .orElseThrow()
                .toString();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Cluster.PATIENCE).pollInterval(Duration.ofMillis(100));
    }
}
