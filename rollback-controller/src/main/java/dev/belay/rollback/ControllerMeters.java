// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.rollbacks.Chain;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.verdicts.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What an operator watches: how many rollbacks, how long each step of them takes, how many rollouts nobody judges. */
@Singleton
public class ControllerMeters {
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
    private final Timer verdictToRollback;
    private final Timer evidenceToRollback;
    private final Timer firstOff;
    private final Timer lastOff;
    private final AtomicInteger notJudged;

    ControllerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.verdictToRollback = timer(
                "belay.controller.verdict.to.rollback",
                "from the verdict that harm is proven to the broker's acknowledgement of the rollback",
                null);
        this.evidenceToRollback = timer(
                "belay.controller.evidence.to.rollback",
                "from the arrival of the record that completed the evidence to the acknowledged rollback",
                null);
        String off = "from the arrival of the record that completed the evidence to an edge that serves the rollback";
        this.firstOff = timer("belay.controller.evidence.to.off", off, "first");
        this.lastOff = timer("belay.controller.evidence.to.off", off, "last");
        this.notJudged = registry.gauge("belay.controller.not.judged", new AtomicInteger());
    }

    /** {@code belay_rollbacks_total} by cause, and the time until it was written. */
    void written(Rollback rollback, Instant now) {
        Verdict verdict = rollback.verdict();
        registry.counter("belay.rollbacks", "cause", verdict == null ? "person" : "verdict")
                .increment();
        if (verdict != null) {
            verdictToRollback.record(positive(Duration.between(verdict.at(), now)));
            Instant evidenceAt = verdict.evidenceAt();
            if (evidenceAt != null) {
                evidenceToRollback.record(positive(Duration.between(evidenceAt, now)));
            }
        }
    }

    /** {@code belay_incidents_total} by status, and the time until the first and the last edge served it. */
    void written(Incident incident) {
        registry.counter("belay.incidents", "status", incident.status().name()).increment();
        Chain chain = incident.chain();
        boolean isProven = incident.rollback() != null && incident.rollback().verdict() != null;
        if (incident.status() == Incident.Status.CONFIRMED && chain != null && isProven) {
            record(firstOff, chain.firstOff());
            record(lastOff, chain.lastOff());
        }
    }

    /** {@code belay_controller_not_judged}: the dead-man switch, 0 when all is well. */
    void notJudged(int rollouts) {
        notJudged.set(rollouts);
    }

    private Timer timer(String name, String description, @Nullable String edge) {
        Timer.Builder builder = Timer.builder(name).description(description).serviceLevelObjectives(BOUNDS);
        return (edge == null ? builder : builder.tag("edge", edge)).register(registry);
    }

    private static void record(Timer timer, @Nullable Long millis) {
        if (millis != null) {
            timer.record(Duration.ofMillis(millis));
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
