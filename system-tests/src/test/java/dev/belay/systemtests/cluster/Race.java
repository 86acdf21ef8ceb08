// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.belay.contracts.FlagRef;
import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Two advances and a resume, each said to another replica of the scheduler, and a breach as the watcher writes it, all within
 * five milliseconds and in any order. Every second rollout is paused before, so that only a resume that comes first lets an
 * advance through.
 */
public final class Race {
    /** From the first to the last of what is sent. */
    public static final Duration WITHIN = Duration.ofMillis(5);

    /** The longest pauses between the first and the last, one chosen for each race; what is left is for sending. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofNanos(500_000), Duration.ofMillis(2), Duration.ofMillis(4));

    private static final String YAML = "application/yaml";
    private static final String JSON = "application/json";
    private static final String BODY = "{\"reason\":\"race\",\"override\":true}";
    private static final String HEAD = "apiVersion: belay.dev/v1\nkind: ";
    private static final String TEMPLATE = "by-hand-alone";
    private static final int OK = 200;

    private final Cluster cluster;
    private final FlagRef flag;
    private final Random random;
    private final boolean isPaused;
    private final List<Command> commands = new ArrayList<>();
    private @Nullable Future<RecordMetadata> breached;
    private long spreadNanos;

    private record Command(String verb, Line line) {}

    private interface Say {
        void now() throws IOException;
    }

    private record Shot(long afterNanos, Say say) {}

    /** @param random decides who is told what, when, and whether the rollout is paused before */
    public Race(Cluster cluster, FlagRef flag, Random random) {
        this.cluster = cluster;
        this.flag = flag;
        this.random = random;
        this.isPaused = random.nextBoolean();
    }

    /** Writes the template of all races: three stages that nobody enters but people. */
    public static void share(Cluster cluster) throws IOException, InterruptedException {
        cluster.admin().put("/api/v1/templates/shop/" + TEMPLATE, YAML, HEAD + """
                RolloutTemplate
                metadata: { name: by-hand-alone }
                spec:
                  project: shop
                  stages:
                    - { name: half, to: 50%, atLeast: 1h, advance: byHand }
                    - { name: more, to: 70%, atLeast: 1h, advance: byHand }
                    - { name: most, to: 90%, atLeast: 1h, advance: byHand }
                  guardrails: [ { metric: conversion, falls: 20% } ]
                """);
    }

    public String flag() {
        return flag.flag();
    }

    /** Starts the rollout, by any of the schedulers. */
    public void begin() throws IOException, InterruptedException {
        cluster.admin()
                .put(
                        "/api/v1/flags/" + flag.key(),
                        YAML,
                        HEAD + """
                Flag
                metadata: { name: %s }
                spec: { project: %s, environment: %s, type: boolean, variants: { "on": true, "off": false }, off: "off", default: "off" }
                """.formatted(flag.flag(), flag.project(), flag.environment()));
        List<Replica> schedulers = cluster.fleet().replicas(Service.ROLLOUT_SCHEDULER);
        Api scheduler = cluster.admin(schedulers.get(random.nextInt(schedulers.size())));
        // The flag reaches the scheduler by its topic.
        Story.patiently(() -> scheduler.post(
                "/api/v1/rollouts",
                YAML,
                HEAD + """
                Rollout
                metadata: { name: %s }
                spec: { project: %s, environment: %s, flag: %s, template: by-hand-alone, control: "off", treatments: ["on"] }
                """.formatted(flag.flag(), flag.project(), flag.environment(), flag.flag())));
        if (isPaused) {
            scheduler.post("/api/v1/rollouts/" + flag.key() + "/1/pause", JSON, BODY);
        }
    }

    /** Opens the connections: nothing is left to do but to send. */
    public void ready() throws IOException {
        List<Replica> schedulers = new ArrayList<>(cluster.fleet().replicas(Service.ROLLOUT_SCHEDULER));
        Collections.shuffle(schedulers, random);
        List<String> verbs = List.of("advance", "resume", "advance");
        for (int i = 0; i < verbs.size(); i++) {
            String path = "/api/v1/rollouts/" + flag.key() + "/1/" + verbs.get(i);
            Replica scheduler = schedulers.get(i % schedulers.size());
            commands.add(
                    new Command(verbs.get(i), new Line(scheduler, cluster.keys().admin(), path, BODY)));
        }
    }

    /** Sends everything, on the calling thread, and waits for no answer. */
    public void run(Producer<byte[], byte[]> watcher) throws IOException {
        long longest = PAUSES.get(random.nextInt(PAUSES.size())).toNanos();
        List<Shot> shots = new ArrayList<>();
        for (Command command : commands) {
            shots.add(new Shot(anyWait(longest), command.line()::say));
        }
        ProducerRecord<byte[], byte[]> breach = Breach.of(flag, 1);
        // The way of a breach is longer than that of a command: every second one comes first.
        shots.add(new Shot(random.nextBoolean() ? 0 : anyWait(longest), () -> breached = watcher.send(breach)));
        Collections.shuffle(shots, random);
        shots.sort(Comparator.comparingLong(Shot::afterNanos));
        long begin = System.nanoTime() - shots.get(0).afterNanos();
        long first = System.nanoTime();
        for (Shot shot : shots) {
            while (System.nanoTime() - begin < shot.afterNanos()) {
                Thread.onSpinWait();
            }
            shot.say().now();
        }
        spreadNanos = System.nanoTime() - first;
    }

    private long anyWait(long longestNanos) {
        return (long) (random.nextDouble() * longestNanos);
    }

    /** Waits for all answers; returns how many advances were obeyed. */
    public int obeyedAdvances() throws IOException, InterruptedException {
        try {
            Objects.requireNonNull(breached, "run comes first").get();
        } catch (ExecutionException e) {
            throw new IOException("the breach of " + flag + " was not written", e);
        }
        int obeyed = 0;
        for (Command command : commands) {
            try (Line line = command.line()) {
                obeyed += line.answer() == OK && command.verb().equals("advance") ? 1 : 0;
            }
        }
        return obeyed;
    }

    /** Returns the time from before the first until after the last was sent. */
    public Duration spread() {
        return Duration.ofNanos(spreadNanos);
    }

    public boolean isPaused() {
        return isPaused;
    }
}
