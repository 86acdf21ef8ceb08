// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Some replicas of every service. */
public final class Fleet implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final long GLANCE_MILLIS = 100;

    private final List<Replica> all = new ArrayList<>();

    /**
     * Starts nothing yet.
     *
     * @param replicas how many replicas each service has, at least 1
     * @throws IOException if a service is not packaged, or there is no port or folder for a replica
     */
    public Fleet(Replica.Launch launch, ToIntFunction<Service> replicas) throws IOException {
        for (Service service : Service.values()) {
            if (!Files.exists(service.jar(launch.root()))) {
                throw new IOException(
                        service.module() + " is not packaged: " + service.jar(launch.root()) + " is missing");
            }
        }
        int most = Arrays.stream(Service.values()).mapToInt(replicas).max().orElse(1);
        for (int number = 1; number <= most; number++) {
            for (Service service : Service.values()) {
                if (number <= replicas.applyAsInt(service)) {
                    all.add(new Replica(service, number, launch));
                }
            }
        }
    }

    /** Returns all replicas, the first of each service before the second of any. */
    public List<Replica> replicas() {
        return List.copyOf(all);
    }

    public List<Replica> replicas(Service service) {
        return all.stream().filter(replica -> replica.service() == service).toList();
    }

    /** Returns whether every service has a replica that is ready. */
    public boolean isReady() {
        return Arrays.stream(Service.values())
                .allMatch(service -> replicas(service).stream().anyMatch(Replica::isReady));
    }

    /**
     * Starts all, not more at once than there are processors, and returns when all answer.
     *
     * @throws IOException if one ends instead
     */
    public void start(Duration patience) throws IOException, InterruptedException {
        start(patience, any -> Map.of());
    }

    /**
     * As {@link #start(Duration)}.
     *
     * @param more configuration of single replicas
     */
    public void start(Duration patience, Function<Replica, Map<String, String>> more)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        int together = Math.max(2, Runtime.getRuntime().availableProcessors());
        List<Replica> starting = new ArrayList<>();
        for (Replica replica : all) {
            replica.start(more.apply(replica));
            starting.add(replica);
            await(starting, together - 1, Replica::isAnswering, end);
        }
        await(starting, 0, Replica::isAnswering, end);
    }

    /**
     * Waits until all are ready.
     *
     * @throws IOException if one ends instead, or it takes longer than {@code patience}
     */
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        await(new ArrayList<>(all), 0, Replica::isReady, System.nanoTime() + patience.toNanos());
    }

    private static void await(List<Replica> waited, int atMost, Predicate<Replica> there, long end)
            throws IOException, InterruptedException {
        waited.removeIf(there);
        while (waited.size() > atMost) {
            for (Replica replica : waited) {
                if (!replica.isAlive()) {
                    throw new IOException(replica.name() + " ended with code "
                            + replica.process().exitValue() + ", see " + replica.log() + " and " + replica.output());
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException("not ready in time: "
                        + waited.stream().map(Replica::name).toList());
            }
            Thread.sleep(GLANCE_MILLIS);
            waited.removeIf(there);
        }
    }

    /** Asks all to stop, and waits until they are gone. */
    @Override
    public void close() {
        all.forEach(Replica::askToStop);
        try {
            long end = System.nanoTime() + STOP.toNanos();
            for (Replica replica : all) {
                replica.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            all.forEach(replica -> replica.process().destroyForcibly());
            Thread.currentThread().interrupt();
        }
    }
}
