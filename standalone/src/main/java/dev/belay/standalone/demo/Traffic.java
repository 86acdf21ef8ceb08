// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.Api;
import org.jspecify.annotations.Nullable;

/**
 * Shoppers, through the doors every client uses: each visit is evaluated by an OFREP request of its own, and its purchase
 * or error is sent to the event API a moment later. One visit in five is a return.
 */
final class Traffic implements AutoCloseable {
    private static final String FLAG_PATH = "/ofrep/v1/evaluate/flags/" + Demo.FLAG;
    private static final int IN_FLIGHT = 32;
    private static final int TICK_MILLIS = 5;
    private static final int BATCH_MILLIS = 50;
    private static final int REMEMBERED_PER_COUNTRY = 100;
    private static final double NANOS = 1e9;
    private static final Duration RATE_OVER = Duration.ofSeconds(5);

    private final Api edge;
    private final Scenario scenario;
    private final long seed;
    private final int perSecond;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final PriorityBlockingQueue<Due> outcomes =
            new PriorityBlockingQueue<>(1_024, Comparator.comparing(Due::at));
    private final Map<String, Recent> treated = new TreeMap<>();
    private final AtomicLong evaluated = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final Deque<Look> looks = new ArrayDeque<>();
    private volatile boolean harm;
    private volatile boolean stopped;

    private record Due(Instant at, String event) {}

    private record Look(long nanos, long visits) {}

    /** The last shoppers from a country who got the treatment. */
    private record Recent(AtomicReferenceArray<@Nullable Shopper> shoppers, AtomicLong visits) {
        Recent() {
            this(new AtomicReferenceArray<>(REMEMBERED_PER_COUNTRY), new AtomicLong());
        }

        void add(Shopper shopper) {
            shoppers.set((int) (visits.getAndIncrement() % shoppers.length()), shopper);
        }

        Stream<Shopper> all() {
            return IntStream.range(0, shoppers.length()).mapToObj(shoppers::get).filter(Objects::nonNull);
        }
    }

    Traffic(Api edge, Scenario scenario, long seed, int perSecond) {
        this.edge = edge;
        this.scenario = scenario;
        this.seed = seed;
        this.perSecond = perSecond;
        Shopper.COUNTRIES.forEach(country -> treated.put(country, new Recent()));
    }

    void start() {
        looks.addLast(new Look(System.nanoTime(), 0));
        threads.add(new Thread(this::letArrive, "shoppers-arriving"));
        threads.add(new Thread(this::sendOutcomes, "shoppers-outcomes"));
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** From now on the treatment does to people what the scenario says. */
    void beginHarm() {
        harm = true;
    }

    /** Returns the shoppers who got the treatment last, a hundred from each country at most. */
    List<Shopper> lastTreated() {
        return treated.values().stream().flatMap(Recent::all).toList();
    }

    long evaluated() {
        return evaluated.get();
    }

    long outcomesSent() {
        return sent.get();
    }

    /** Returns how many requests failed. */
    long failures() {
        return failures.get();
    }

    /** Returns evaluations per second over the last seconds, as far as it was asked for. */
    synchronized double rate() {
        long now = System.nanoTime();
        looks.addLast(new Look(now, evaluated.get()));
        while (looks.size() > 2 && now - looks.getFirst().nanos() > RATE_OVER.toNanos()) {
            looks.removeFirst();
        }
        Look first = looks.getFirst();
        return (evaluated.get() - first.visits()) / Math.max(1, (now - first.nanos()) / NANOS);
    }

    private void letArrive() {
        long visit = 0;
        long origin = System.nanoTime();
        try {
            while (!stopped) {
                double due = (System.nanoTime() - origin) / NANOS * perSecond;
                while (visit < due && !stopped) {
                    free.acquire();
                    serve(Shopper.visiting(seed, visit), visit);
                    visit++;
                }
                // A machine that cannot keep up lets fewer in; it does not let them in all at once later.
                long late = System.nanoTime() - origin - (long) (visit / (double) perSecond * NANOS);
                origin += Math.max(0, late - TimeUnit.SECONDS.toNanos(1));
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Shopper shopper, long visit) {
        var unused = edge.postAsync(FLAG_PATH, "application/json", shopper.evaluationBody())
                .whenComplete((answer, problem) -> {
                    free.release();
                    if (problem == null) {
                        served(shopper, visit, answer);
                    } else if (!stopped) {
                        failures.incrementAndGet();
                    }
                });
    }

    private void served(Shopper shopper, long visit, JsonNode answer) {
        boolean on = answer.path("value").asBoolean();
        evaluated.incrementAndGet();
        if (on) {
            Objects.requireNonNull(treated.get(shopper.country())).add(shopper);
        }
        boolean affected = on && harm;
        Instant at = Instant.now().plusMillis(shopper.thinkMillis());
        if (shopper.buyDraw() < scenario.conversion(shopper.country(), affected)) {
            outcomes.add(new Due(at, outcome(shopper, visit, "purchase", at)));
        }
        if (shopper.errorDraw() < scenario.errorRate(affected)) {
            outcomes.add(new Due(at, outcome(shopper, visit, "error", at)));
        }
    }

    private static String outcome(Shopper shopper, long visit, String event, Instant at) {
        return "{\"type\":\"outcome\",\"id\":\"" + shopper.id() + "-" + visit + "-" + event + "\",\"event\":\"" + event
                + "\",\"unit\":\"" + shopper.id() + "\",\"at\":\"" + at + "\"}";
    }

    private void sendOutcomes() {
        try {
            while (!stopped) {
                List<Due> batch = due();
                if (!batch.isEmpty()) {
                    send(batch);
                }
                Thread.sleep(BATCH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Due> due() {
        List<Due> batch = new ArrayList<>();
        Instant now = Instant.now();
        Due next = outcomes.poll();
        while (next != null && !next.at().isAfter(now)) {
            batch.add(next);
            next = outcomes.poll();
        }
        if (next != null) {
            outcomes.add(next);
        }
        return batch;
    }

    private void send(List<Due> batch) throws InterruptedException {
        try {
            String body = String.join("\n", batch.stream().map(Due::event).toList());
            edge.post("/api/v1/events", "application/x-ndjson", body);
            sent.addAndGet(batch.size());
        } catch (IOException e) {
            failures.incrementAndGet();
            outcomes.addAll(batch);
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
    }
}
