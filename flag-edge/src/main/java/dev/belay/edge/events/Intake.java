// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.exposures.Outbound;
import dev.belay.http.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Brings to the broker what requests hold. */
@Singleton
public class Intake {
    private final Outbound outbound;
    private final MeterRegistry registry;
    private final Counter unattributed;

    Intake(Outbound outbound, MeterRegistry registry) {
        this.outbound = outbound;
        this.registry = registry;
        this.unattributed = registry.counter("belay.edge.exposures.unattributed");
    }

    /** What one request brings. Not thread-safe. */
    public final class Batch {
        private final List<CompletableFuture<@Nullable Void>> written = new ArrayList<>();

        /**
         * @param attributed whether it is known where the exposure belongs, or that there is no rollout
         * @return completes when the broker has acknowledged it
         */
        public CompletableFuture<@Nullable Void> add(Exposure exposure, boolean attributed) {
            if (!attributed) {
                unattributed.increment();
            }
            return add(outbound.send(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id())
                    .toCompletableFuture());
        }

        /** @return completes when the broker has acknowledged it */
        public CompletableFuture<@Nullable Void> add(Outcome outcome) {
            return add(outbound.send(Topics.OUTCOMES, outcome.recordKey(), outcome, outcome.id())
                    .toCompletableFuture());
        }

        /**
         * Returns nothing when all are with the broker.
         *
         * @param patience how long to wait
         * @return fails with a {@link ProblemException} of status 503 when not all are there by then
         */
        public Uni<@Nullable Void> allWritten(Duration patience) {
            return Uni.createFrom()
                    .completionStage(CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0])))
                    .ifNoItem()
                    .after(patience)
                    .fail()
                    .onFailure()
                    .transform(failure -> ProblemException.unavailable(
                            "not-written", "not every event was written; send them again with the same ids"));
        }

        private CompletableFuture<@Nullable Void> add(CompletableFuture<@Nullable Void> sent) {
            written.add(sent);
            return sent;
        }
    }

    /** Begins a request. */
    public Batch batch() {
        return new Batch();
    }

    /** Counts events in {@code belay_edge_signals_total}: from where, and what became of them. */
    public void count(String source, String result, int events) {
        if (events > 0) {
            registry.counter("belay.edge.signals", "source", source, "result", result)
                    .increment(events);
        }
    }
}
