// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.verdicts.Verdict;
import dev.belay.watcher.topology.Timings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;

/** What an operator watches: how far the watcher is behind, and how long proven harm waits to be said. */
@Singleton
public class WatcherMeters implements Timings {
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

    private final Timer lag;
    private final Timer evidenceToVerdict;

    WatcherMeters(MeterRegistry registry) {
        this.lag = Timer.builder("belay.watcher.lag")
                .description("from the broker's append of an event to its being counted")
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
        this.evidenceToVerdict = Timer.builder("belay.watcher.evidence.to.verdict")
                .description(
                        "from the append of the record that completed the evidence to the verdict that harm is proven")
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    @Override
    public void counted(long millis) {
        lag.record(Duration.ofMillis(Math.max(0, millis)));
    }

    @Override
    public void breached(Verdict breach, long nowMillis) {
        Instant evidenceAt = breach.evidenceAt();
        if (evidenceAt != null) {
            evidenceToVerdict.record(Duration.ofMillis(Math.max(0, nowMillis - evidenceAt.toEpochMilli())));
        }
    }
}
