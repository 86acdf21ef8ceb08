// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.belay.contracts.FlagRef;
import dev.belay.outbox.DatabaseOutage;
import dev.belay.rollouts.decision.RolloutEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Looks at open rollouts: every tick at all of them, and at one as soon as something is said about its flag. An outage of the
 * database delays it and loses nothing: what was said stays in {@link Facts}.
 */
@ApplicationScoped
class RolloutTicker {
    private static final System.Logger LOG = System.getLogger(RolloutTicker.class.getName());
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration MEASURE = Duration.ofSeconds(1);

    private final RolloutDesk desk;
    private final RolloutReconciler reconciler;
    private final FactViews views;
    private final Wakes wakes;
    private final SchedulerConfig config;
    private final Publication publication;
    private final SchedulerMeters meters;
    private final Thread thread = new Thread(this::run, Scheduler.NAME + "-ticker");
    private volatile boolean closed;
    private volatile long lastTick = System.nanoTime();
    private long lastMeasured = System.nanoTime();
    private final Set<String> said = new HashSet<>();
    private boolean isReconciled;
    private boolean hasFailed;

    RolloutTicker(
            RolloutDesk desk,
            RolloutReconciler reconciler,
            FactViews views,
            Wakes wakes,
            SchedulerConfig config,
            Publication publication,
            SchedulerMeters meters,
            MeterRegistry registry) {
        this.desk = desk;
        this.reconciler = reconciler;
        this.views = views;
        this.wakes = wakes;
        this.config = config;
        this.publication = publication;
        this.meters = meters;
        thread.setDaemon(true);
        Gauge.builder("belay.rollout.tick.age", () -> (System.nanoTime() - lastTick) / 1e9)
                .baseUnit("seconds")
                .description("time since all open rollouts were last looked at")
                .register(registry);
    }

    void start() {
        thread.start();
    }

    void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            Duration sinceTick = Duration.ofNanos(System.nanoTime() - lastTick);
            Duration left = config.tick().minus(sinceTick);
            Map<FlagRef, Function<Instant, RolloutEvent>> pending =
                    wakes.await(left.isNegative() ? Duration.ofMillis(1) : left);
            if (views.isReady()) {
                attempt(pending);
            } else {
                lastTick = System.nanoTime();
            }
        }
    }

    private void attempt(Map<FlagRef, Function<Instant, RolloutEvent>> pending) {
        hasFailed = false;
        try {
            reconcile();
            pending.forEach(this::take);
            if (System.nanoTime() - lastTick >= config.tick().toNanos()) {
                tick();
            }
        } catch (RuntimeException e) {
            say("", e);
            lastTick = System.nanoTime();
        }
        if (!hasFailed) {
            said.clear();
        }
    }

    /** Before anything is decided: what the topic knows better must not be decided about again. */
    private void reconcile() {
        if (!isReconciled) {
            reconciler.run();
            isReconciled = true;
        }
    }

    private void tick() {
        meters.ticked(Duration.ofNanos(System.nanoTime() - lastTick).minus(config.tick()));
        measureLag();
        for (RolloutDesk.Open open : desk.open()) {
            if (open.isDue()) {
                take(open.ref(), RolloutEvent.Tick::new);
            }
        }
        lastTick = System.nanoTime();
    }

    private void measureLag() {
        if (System.nanoTime() - lastMeasured >= MEASURE.toNanos()) {
            publication.measureLag();
            lastMeasured = System.nanoTime();
        }
    }

    /** A rollout that cannot be decided about holds up no other; a database that is away holds up all. */
    private void take(FlagRef ref, Function<Instant, RolloutEvent> event) {
        try {
            desk.take(ref, event);
        } catch (RuntimeException e) {
            if (DatabaseOutage.explains(e)) {
                throw e;
            }
            say(ref + ": ", e);
        }
    }

    private void say(String about, RuntimeException failure) {
        hasFailed = true;
        String message = about + failure.getMessage();
        if (!closed && said.add(message)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "rollouts are looked at again: " + message,
                    DatabaseOutage.explains(failure) ? null : failure);
        }
    }
}
