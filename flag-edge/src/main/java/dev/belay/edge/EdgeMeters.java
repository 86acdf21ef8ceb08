// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.Topic;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.verdicts.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;

/**
 * How long things take until they are so at this edge, as histograms. Only what happens while the edge is running counts, not
 * what it reads at its start. Where two clocks are compared, a duration that seems negative is zero.
 */
@Singleton
public class EdgeMeters {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final Timer rollbackToOff;
    private final Timer evidenceToOff;
    private final Timer offToStream;
    private final Timer offToSeen;

    EdgeMeters(MeterRegistry registry) {
        this.registry = registry;
        this.rollbackToOff = histogram(
                        "belay.edge.rollback.to.off", "From the append of a rollback to its being served")
                .register(registry);
        this.evidenceToOff = histogram(
                        "belay.edge.evidence.to.off",
                        "From the append of the event that completed the evidence of a breach to its rollback being served")
                .register(registry);
        this.offToStream = histogram(
                        "belay.edge.off.to.stream",
                        "From a rollback being served to its being written to a stream's connection, once for each stream")
                .register(registry);
        this.offToSeen = histogram(
                        "belay.edge.off.to.seen",
                        "From a rollback being served to a client having read it from its stream and asked again")
                .register(registry);
    }

    /** A rollback is served from now on. */
    public void off(Rollback rollback, Instant appendedAt, Instant now) {
        rollbackToOff.record(between(appendedAt, now));
        Verdict verdict = rollback.verdict();
        Instant evidenceAt = verdict == null ? null : verdict.evidenceAt();
        if (evidenceAt != null) {
            evidenceToOff.record(between(evidenceAt, now));
        }
    }

    /** A newer version of a flag or rollout is served from now on; written at {@code committedAt}. */
    public void served(Topic<?> topic, Instant committedAt, Instant now) {
        histogram("belay.edge.committed.to.served", "From the writing of a version to its being served")
                .tag("topic", topic.name())
                .register(registry)
                .record(between(committedAt, now));
    }

    /** A rollback went to one stream. */
    public void streamed(Duration sinceOff) {
        offToStream.record(sinceOff);
    }

    /** A client that was told of a rollback by its stream asked again. */
    public void seen(Duration sinceOff) {
        offToSeen.record(sinceOff);
    }

    private static Timer.Builder histogram(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST);
    }

    private static Duration between(Instant from, Instant to) {
        Duration duration = Duration.between(from, to);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
