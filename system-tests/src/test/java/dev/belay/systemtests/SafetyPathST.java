// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Observer;
import dev.belay.systemtests.cluster.RecordLog;
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
    /** The claim: from evidence, or from the moment the command is sent, until no edge serves the treatment. */
    private static final long OFF_WITHIN_MILLIS = 2_000;

    @TempDir
    Path folder;

    private final History history = new History();

    @Test
    void aBreachAndAKillWorkAloneAndAreNotForgotten() throws IOException, InterruptedException {
        Cluster cluster = Cluster.shared();
        Story breached = new Story("alone-breached");
        Story killed = new Story("alone-killed");
        Story told = new Story("alone-told");
        List<Story> all = List.of(breached, killed, told);
        for (Story story : all) {
            story.begin(cluster);
        }
        breached.send(cluster, 8 * BATCH, false, history, Cluster.PATIENCE);
        try (RecordLog log = cluster.log();
                Observer observer =
                        new Observer(cluster, history, Set.of(breached.flag(), killed.flag(), told.flag()))) {
            observer.start();
            patiently().until(() -> all.stream().allMatch(this::hasTreatment));
            stopAllButTheSafetyPath(cluster);
            try {
                long breachMillis = breach(cluster, breached, observer);
                System.out.println("alone: off at every edge " + breachMillis + " ms after the evidence of a breach");
                kill(cluster, killed, observer, log);
                killByCommandLine(cluster, told, observer);
            } finally {
                startTheRest(cluster);
            }
            theTrailShowsAll(cluster, breached, List.of(killed, told));
            applyingTheOldManifestLiftsNone(cluster, all);
            long since = System.nanoTime();
            patiently().until(() -> all.stream().allMatch(story -> observer.areAllOff(story.flag(), since)));
        }
        for (Story story : all) {
            assertThat(breachedLater(story)).isEmpty();
        }
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

    /** One request, as the command line sends it, and no second one. */
    private void kill(Cluster cluster, Story story, Observer observer, RecordLog log)
            throws IOException, InterruptedException {
        long clock = System.currentTimeMillis();
        long sent = System.nanoTime();
        cluster.admin().post("/api/v1/kills", "application/json", story.kill("nobody else is left"));
        long answered = System.nanoTime();
        patiently().until(() -> observer.areAllOff(story.flag(), sent));
        patiently().until(() -> !log.rollbacks(story.flag()).isEmpty());
        long accepted = log.rollbacks(story.flag()).get(0).atMillis() - clock;
        long off = millisToOff(cluster, story, sent);
        System.out.println("alone: a kill was in the log " + accepted + " ms after it was sent, answered after "
                + millis(answered - sent) + " ms, off at every edge after " + off + " ms, which is "
                + (off - accepted) + " ms after it was accepted");
        assertThat(off).isLessThanOrEqualTo(OFF_WITHIN_MILLIS);
    }

    /** The start of its JVM is the machine's affair and no part of the claim: it is only said. */
    private void killByCommandLine(Cluster cluster, Story story, Observer observer)
            throws IOException, InterruptedException {
        long idle = System.nanoTime();
        belay(cluster, "get", "flags");
        long begun = System.nanoTime();
        String said = belay(cluster, "kill", "shop/production/" + story.flag(), "--reason", "nobody else is left");
        assertThat(said).contains("is killed");
        patiently().until(() -> observer.areAllOff(story.flag(), begun));
        System.out.println("alone: `belay kill` was off at every edge " + millisToOff(cluster, story, begun)
                + " ms after its process was started; a command that is refused takes " + millis(begun - idle) + " ms");
    }

    /**
     * Returns the milliseconds until the first answer of the last edge that no longer has the treatment for somebody who had
     * it there: somewhat later than the change itself, never earlier.
     */
    private long millisToOff(Cluster cluster, Story story, long since) {
        long latest = since;
        for (Replica edge : cluster.edges()) {
            List<Entry.Served> answers = history.of(Entry.Served.class, story.flag()).stream()
                    .filter(served -> served.edge().equals(edge.name()))
                    .toList();
            Set<Integer> treated = answers.stream()
                    .filter(Entry.Served::treatment)
                    .map(Entry.Served::user)
                    .collect(Collectors.toSet());
            long last = answers.stream()
                    .filter(Entry.Served::treatment)
                    .mapToLong(Entry.Served::begin)
                    .max()
                    .orElseThrow();
            long off = answers.stream()
                    .filter(served -> !served.treatment() && treated.contains(served.user()) && served.begin() > last)
                    .mapToLong(Entry.Served::end)
                    .min()
                    .orElseThrow();
            latest = Math.max(latest, off);
        }
        return millis(latest - since);
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
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

    private static void theTrailShowsAll(Cluster cluster, Story breached, List<Story> killed) {
        patiently().until(() -> trail(cluster, breached).contains("rollout.rollback"));
        patiently().until(() -> status(cluster, breached).equals("ROLLED_BACK"));
        patiently().until(() -> isTold(cluster, breached, "Rolled back"));
        for (Story story : killed) {
            patiently().until(() -> trail(cluster, story).contains("flag.kill"));
            patiently().until(() -> isTold(cluster, story, "Killed"));
        }
    }

    private static boolean isTold(Cluster cluster, Story story, String words) {
        return cluster.slack().about(story.flag()).stream()
                .anyMatch(message -> message.title().contains(words));
    }

    private void applyingTheOldManifestLiftsNone(Cluster cluster, List<Story> stories)
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
