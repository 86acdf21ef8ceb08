// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.belay.contracts.FlagRef;
import dev.belay.rollouts.decision.RolloutEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Looks at open rollouts: every tick at all of them, and at one as soon as something is said about its flag. An outage of the
 * database delays it and loses nothing: what was said stays in {@link Facts}.
 */
@ApplicationScoped
class RolloutTicker {
    private static final System.Logger LOG = System.getLogger(RolloutTicker.class.getName());
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final int CAUSES = 20;

    private final RolloutDesk desk;
    private final FactViews views;
    private final Wakes wakes;
    private final SchedulerConfig config;
    private final Thread thread = new Thread(this::run, Scheduler.NAME + "-ticker");
    private volatile boolean closed;
    private volatile long lastTick = System.nanoTime();
    private @Nullable String said;

    RolloutTicker(RolloutDesk desk, FactViews views, Wakes wakes, SchedulerConfig config, MeterRegistry meters) {
        this.desk = desk;
        this.views = views;
        this.wakes = wakes;
        this.config = config;
        thread.setDaemon(true);
        Gauge.builder("belay.rollout.tick.age", () -> (System.nanoTime() - lastTick) / 1e9)
                .baseUnit("seconds")
                .description("time since all open rollouts were last looked at")
                .register(meters);
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
        try {
            pending.forEach(desk::take);
            if (System.nanoTime() - lastTick >= config.tick().toNanos()) {
                tick();
            }
            said = null;
        } catch (RuntimeException e) {
            say(e);
            lastTick = System.nanoTime();
        }
    }

    private void tick() {
        for (RolloutDesk.Open open : desk.open()) {
            if (open.isDue()) {
                desk.take(open.ref(), RolloutEvent.Tick::new);
            }
        }
        lastTick = System.nanoTime();
    }

    private void say(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!closed && !message.equals(said)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "rollouts are looked at again: " + message,
                    isDatabaseAway(failure) ? null : failure);
            said = message;
        }
    }

    private static boolean isDatabaseAway(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .anyMatch(SQLException.class::isInstance);
    }
}
