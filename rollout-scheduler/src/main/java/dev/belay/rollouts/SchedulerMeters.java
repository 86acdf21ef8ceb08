// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.util.Locale;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.rollouts.decision.Change;
import dev.belay.rollouts.decision.Lateness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What an operator watches: how late the scheduler is, and how long what it decided waits to be published. */
@Singleton
class SchedulerMeters {
    /** Bounds of the histograms: from what is good to what is a page. */
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Timer tick;
    private volatile double outboxSeconds;

    SchedulerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.tick =
                timer("belay.scheduler.tick.lateness", "how much later than planned all open rollouts were looked at");
        registry.gauge("belay.scheduler.outbox.lag", this, meters -> meters.outboxSeconds);
    }

    /** {@code belay_scheduler_tick_lateness_seconds}. */
    void ticked(Duration late) {
        tick.record(late.isNegative() ? Duration.ZERO : late);
    }

    /**
     * {@code belay_rollout_changes_total} by action, and {@code belay_scheduler_advance_lateness_seconds}: how long after a
     * stage had lasted long enough, or a start was due, it came.
     */
    void changed(@Nullable RolloutState before, Change change) {
        registry.counter("belay.rollout.changes", "action", change.action().toLowerCase(Locale.ROOT))
                .increment();
        Lateness.of(before, change).ifPresent(late -> timer(
                        "belay.scheduler.advance.lateness",
                        "how long after a stage had lasted long enough, or a start was due, it came")
                .record(late));
    }

    /** {@code belay_scheduler_outbox_lag}, in seconds: age of the oldest record that is not published; NaN when not known. */
    void outboxLag(double seconds) {
        outboxSeconds = seconds;
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }
}
