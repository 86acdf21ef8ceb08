// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.exposures.Outbound;
import dev.belay.http.ProblemException;
import dev.belay.kafka.RecordPublisher.Prepared;
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
        private final List<Prepared> records = new ArrayList<>();
        private final List<Runnable> onFailure = new ArrayList<>();

        /** @param attributed whether it is known where the exposure belongs, or that there is no rollout */
        public void add(Exposure exposure, boolean attributed) {
            if (!attributed) {
                unattributed.increment();
            }
            records.add(outbound.prepare(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id()));
        }

        public void add(Outcome outcome) {
            records.add(outbound.prepare(Topics.OUTCOMES, outcome.recordKey(), outcome, outcome.id()));
        }

        /** Adds what is to be done when not all are with the broker, so that the sender sends all of them again. */
        public void onFailure(Runnable action) {
            onFailure.add(action);
        }

        /**
         * Sends all of them. Called once.
         *
         * @param patience how long to wait
         * @return nothing when all are with the broker; fails with a {@link ProblemException} of status 503 when not all are
         *     there by then
         */
        public Uni<@Nullable Void> allWritten(Duration patience) {
            CompletionStage<@Nullable Void> written = outbound.send(records).whenComplete((done, failure) -> {
                if (failure != null) {
                    onFailure.forEach(Runnable::run);
                }
            });
            return Uni.createFrom()
                    .completionStage(written)
                    .ifNoItem()
                    .after(patience)
                    .fail()
                    .onFailure()
                    .transform(failure -> ProblemException.unavailable(
                            "not-written", "not every event was written; send them again with the same ids"));
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
