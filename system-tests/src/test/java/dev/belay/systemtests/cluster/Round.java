// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import dev.belay.systemtests.history.HistoryChecker;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Two stories at once and one fault: a rollout that harms, which has to be taken back, and one that does not, which has to go
 * on and be counted to the unit. Leaves the cluster whole.
 */
public final class Round {
    private static final int BATCH = 50;
    private static final int HARMLESS_FIRST = 400;
    private static final int UNHARMED = 800;
    private static final int MOST = 20_000;
    private static final long PACE_MILLIS = 100;
    private static final long GLANCE_MILLIS = 50;
    private static final Duration OUTAGE = Duration.ofSeconds(3);
    private static final Duration REPEATS = Duration.ofMillis(600);

    private final Cluster cluster;
    private final String name;
    private final Fault fault;
    private final History history = new History();
    private final Story harmed;
    private final Story unharmed;
    private volatile boolean happened;
    private volatile boolean stopped;
    private volatile long harmBegan;
    private long harmToOffMillis = NEVER;
    private final List<String> phases = new ArrayList<>();
    private long phaseBegan = System.nanoTime();

    /** What never came about. */
    private static final long NEVER = -1;

    /**
     * What came of it.
     *
     * @param name of the round
     * @param fault what broke
     * @param happened whether it did: a failpoint may never be reached
     * @param harmToOffMillis milliseconds from the first harmful user to the last edge that is off; -1 when it never was
     * @param tookMillis milliseconds of the whole round
     * @param users users of both stories
     * @param violations what must not be, empty when all is well
     */
    public record Result(
            String name,
            Fault fault,
            boolean happened,
            long harmToOffMillis,
            long tookMillis,
            int users,
            List<String> violations) {
        public Result {
            violations = List.copyOf(violations);
        }
    }

    public Round(Cluster cluster, String name, Fault fault) {
        this.cluster = cluster;
        this.name = name;
        this.fault = fault;
        this.harmed = new Story(name + "-harmed");
        this.unharmed = new Story(name + "-unharmed");
    }

    /** Plays it. A story that does not end is a violation like any other. */
    public Result play() throws InterruptedException {
        Instant begun = Instant.now();
        List<String> violations = new ArrayList<>();
        try {
            tell();
        } catch (IOException | ConditionTimeoutException e) {
            violations.add("did not end: " + e.getMessage());
        } finally {
            stopped = true;
        }
        try {
            cluster.heal(history);
            retire();
        } catch (IOException | ConditionTimeoutException e) {
            violations.add("did not heal: " + e.getMessage());
        }
        passed("healed");
        System.out.println(name + ", ms: " + String.join(", ", phases));
        violations.addAll(HistoryChecker.violations(history));
        return new Result(
                name,
                fault,
                happened,
                harmToOffMillis,
                Duration.between(begun, Instant.now()).toMillis(),
                harmed.users() + unharmed.users(),
                violations);
    }

    private void tell() throws IOException, InterruptedException {
        if (isArmedFirst()) {
            cluster.arm(fault.service(), fault.place(), fault.number());
        }
        begin();
        try (Observer observer = new Observer(cluster, history, Set.of(harmed.flag(), unharmed.flag()))) {
            observer.start();
            Thread quiet = sender(this::sendUnharmed);
            Thread loud = sender(this::sendHarmed);
            passed("begun");
            harmToOffMillis = watch(observer);
            stopped = true;
            quiet.join(Cluster.PATIENCE.toMillis());
            loud.join(Cluster.PATIENCE.toMillis());
            passed("off");
            awaitAlert();
            passed("told");
            cluster.disarm(fault.service());
            tend();
            cluster.awaitReady();
            passed("ready");
            Story.patiently(() -> cluster.admin().command("/api/v1/evidence/drain", Duration.ofMinutes(1)));
            count(unharmed);
            count(harmed);
            passed("counted");
            for (Replica edge : cluster.edges()) {
                observer.ask(edge);
            }
        }
        noteRaises(unharmed);
        noteRollbacks();
        noteAlerts();
        history.add(new Entry.Closed(harmed.flag(), Entry.Expected.ROLLED_BACK));
        history.add(new Entry.Closed(unharmed.flag(), Entry.Expected.UNHARMED));
    }

    private void passed(String phase) {
        long now = System.nanoTime();
        phases.add(phase + " " + Duration.ofNanos(now - phaseBegan).toMillis());
        phaseBegan = now;
    }

    private boolean isArmedFirst() {
        return fault.kind() == Fault.Kind.FAILPOINT && fault.afterMillis() == 0;
    }

    /** Starts again whoever came to a failpoint. */
    private void tend() throws IOException {
        happened |= cluster.tend(history, fault.text());
    }

    private void begin() throws IOException, InterruptedException {
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread starting = sender(() -> {
            try {
                harmed.begin(cluster);
                unharmed.begin(cluster);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        while (starting.isAlive()) {
            tend();
            starting.join(GLANCE_MILLIS);
        }
        if (failure.get() != null) {
            throw new IOException(name + " did not begin", failure.get());
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private Thread sender(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name + "-work");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void sendUnharmed() throws InterruptedException {
        while ((!stopped || unharmed.users() < UNHARMED) && unharmed.users() < MOST) {
            unharmed.send(cluster, BATCH, false, history, Cluster.PATIENCE);
            Thread.sleep(PACE_MILLIS);
        }
    }

    private void sendHarmed() throws InterruptedException {
        while (!stopped && harmed.users() < MOST) {
            boolean harm = harmed.users() >= HARMLESS_FIRST;
            if (harm && harmBegan == 0) {
                harmBegan = System.nanoTime();
            }
            harmed.send(cluster, BATCH, harm, history, Duration.ofSeconds(5));
            Thread.sleep(PACE_MILLIS);
        }
    }

    /** Lets the fault happen and waits until every edge is off; returns milliseconds from the harm's begin until then. */
    private long watch(Observer observer) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long end = begun + Cluster.PATIENCE.toNanos();
        boolean done = isArmedFirst();
        while (System.nanoTime() < end) {
            tend();
            if (!done
                    && System.nanoTime() - begun
                            >= Duration.ofMillis(fault.afterMillis()).toNanos()) {
                done = true;
                happen();
            }
            if (done && isTakenBack() && observer.areAllOff(harmed.flag(), begun)) {
                return Duration.ofNanos(System.nanoTime() - harmBegan).toMillis();
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        throw new IOException("not off everywhere after " + Cluster.PATIENCE + "; "
                + history.of(Entry.Stated.class, harmed.flag()).stream()
                        .reduce((one, other) -> other)
                        .map(Entry::toString)
                        .orElse("no state was ever seen")
                + ", " + harmed.users() + " users");
    }

    private boolean isTakenBack() {
        return !history.of(Entry.Streamed.class, harmed.flag()).isEmpty()
                || history.of(Entry.Stated.class, harmed.flag()).stream()
                        .anyMatch(stated -> stated.status().equals("ROLLED_BACK"));
    }

    private void happen() throws IOException, InterruptedException {
        switch (fault.kind()) {
            case KILL -> {
                cluster.kill(replica(), fault.text(), history);
                cluster.restart(replica(), history);
            }
            case FAILPOINT -> cluster.arm(fault.service(), fault.place(), fault.number());
            case DATABASE -> {
                cluster.database().stop();
                Thread.sleep(OUTAGE.toMillis());
                cluster.database().restart();
            }
            case BROKER -> {
                cluster.kafka().stop();
                cluster.kafka().restart();
            }
            case STATE -> {
                cluster.kill(replica(), fault.text(), history);
                delete(replica().folder().resolve("state"));
                cluster.restart(replica(), history);
            }
            case PAUSE -> {
                cluster.pause(replica());
                Thread.sleep(OUTAGE.toMillis());
                cluster.resume(replica());
            }
        }
        happened |= fault.kind() != Fault.Kind.FAILPOINT;
    }

    private Replica replica() {
        return cluster.fleet().replicas(fault.service()).get(fault.number() - 1);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** An alert may wait for the notifier's restart. */
    private void awaitAlert() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Cluster.PATIENCE);
        while (Instant.now().isBefore(end)
                && cluster.slack().about(harmed.flag()).stream()
                        .noneMatch(message -> message.title().contains("Rolled back"))) {
            tend();
            Thread.sleep(GLANCE_MILLIS);
        }
        Thread.sleep(REPEATS.toMillis());
    }

    private void count(Story story) throws IOException, InterruptedException {
        Api admin = cluster.admin();
        Optional<JsonNode> said = Story.patiently(() -> admin.get("/api/v1/evidence/shop/production/" + story.flag()));
        JsonNode evidence = said.map(node -> node.path("items").path(0)).orElseThrow();
        long[] counts = new long[4];
        evidence.path("strata").forEach(stratum -> {
            counts[0] += stratum.path("control").path("exposed").asLong();
            counts[1] += stratum.path("control").path("events").asLong();
            counts[2] += stratum.path("treatment").path("exposed").asLong();
            counts[3] += stratum.path("treatment").path("events").asLong();
        });
        history.add(new Entry.Counted(story.flag(), counts[0], counts[1], counts[2], counts[3]));
    }

    /** Every raise begins an allocation. */
    private void noteRaises(Story story) throws IOException, InterruptedException {
        Api admin = cluster.admin();
        Story.patiently(() -> admin.get(story.path()))
                .ifPresent(state -> history.add(
                        new Entry.Raised(story.flag(), state.path("allocations").size() - 1)));
    }

    private void noteRollbacks() throws IOException, InterruptedException {
        Api admin = cluster.admin();
        for (Story story : List.of(harmed, unharmed)) {
            Set<String> ids = new HashSet<>();
            Story.patiently(() -> admin.get("/api/v1/rollbacks" + story.about()))
                    .ifPresent(page -> page.path("items")
                            .forEach(item -> ids.add(item.path("epoch").asText() + "#" + item.path("target"))));
            ids.forEach(id -> history.add(new Entry.RolledBack(story.flag(), id)));
        }
    }

    private void noteAlerts() {
        List<Entry> told = new ArrayList<>();
        for (Story story : List.of(harmed, unharmed)) {
            cluster.slack()
                    .about(story.flag())
                    .forEach(message -> told.add(new Entry.Told(story.flag(), message.title())));
        }
        history.addAll(told);
    }

    /** What goes on for ever would slow down the rounds that come, and so would flags that are asked for no longer. */
    private void retire() throws IOException, InterruptedException {
        for (Story story : List.of(harmed, unharmed)) {
            story.end(cluster);
            cluster.retire(story);
        }
    }
}
