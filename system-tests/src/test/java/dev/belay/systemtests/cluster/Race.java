// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;

/**
 * Advance, pause, resume and the end of a rollout within five milliseconds, each said to another replica. The end is a
 * rollback as the controller writes it on a breach; who comes first is left to chance.
 */
public final class Race {
    private static final String JSON = "application/json";
    private static final long WITHIN_NANOS = 5_000_000;
    private static final Duration COMMAND = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Story story;
    private final Random random;

    /** @param seed decides the order in which the commands are said */
    public Race(Cluster cluster, String flag, long seed) {
        this.cluster = cluster;
        this.story = new Story(flag);
        this.random = new Random(seed);
    }

    public Story story() {
        return story;
    }

    /** Starts the rollout. */
    public void begin() throws IOException, InterruptedException {
        story.begin(cluster);
    }

    /** Says everything at once, and returns when all was answered. */
    public void run() throws InterruptedException {
        List<Call> calls = new ArrayList<>();
        List<Replica> schedulers = cluster.fleet().replicas(Service.ROLLOUT_SCHEDULER);
        List<Replica> controllers = cluster.fleet().replicas(Service.ROLLBACK_CONTROLLER);
        for (Replica scheduler : schedulers) {
            calls.add(command(scheduler, "advance"));
            calls.add(command(scheduler, "pause"));
            calls.add(command(scheduler, "resume"));
        }
        Replica controller = controllers.get(random.nextInt(controllers.size()));
        calls.add(() -> cluster.admin(controller)
                .post(
                        "/api/v1/rollbacks",
                        JSON,
                        "{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"" + story.flag()
                                + "\",\"epoch\":1,\"reason\":\"race\"}"));
        sayAtOnce(calls);
    }

    private interface Call {
        void make() throws IOException, InterruptedException;
    }

    private Call command(Replica scheduler, String verb) {
        Api api = cluster.admin(scheduler);
        return () -> api.post(story.path() + "/1/" + verb, JSON, "{\"reason\":\"race\",\"override\":true}");
    }

    private void sayAtOnce(Collection<Call> calls) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        CountDownLatch gun = new CountDownLatch(1);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (Call call : calls) {
            long wait = (long) (random.nextDouble() * WITHIN_NANOS);
            answers.add(CompletableFuture.runAsync(() -> say(call, gun, wait), threads));
        }
        gun.countDown();
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        threads.shutdown();
        threads.awaitTermination(COMMAND.toSeconds(), TimeUnit.SECONDS);
    }

    private static void say(Call call, CountDownLatch gun, long waitNanos) {
        try {
            gun.await();
            TimeUnit.NANOSECONDS.sleep(waitNanos);
            call.make();
        } catch (IOException e) {
            // Refused, because another was first: that is what a race is.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
