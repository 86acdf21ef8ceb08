// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.edge.serving.Serving;
import dev.belay.evaluation.Assignment;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.ServedFlag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a unit saw a decision, once per stratum and variant and only while a rollout is in force. Reporting never
 * delays an answer; what could not be written is forgotten, so that the unit's next evaluation reports again.
 */
@Singleton
public class Exposures {
    /** Source of exposures by evaluations at this edge. */
    public static final String SOURCE = "ofrep";

    private static final int REMEMBERED = 1_000_000;
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final Serving serving;
    private final Outbound outbound;
    private final RecentlySeen seen = new RecentlySeen(REMEMBERED, LIFETIME.toMillis());
    private final String run = UUID.randomUUID().toString();
    private final AtomicLong sequence = new AtomicLong();
    private final Counter published;
    private final Counter lost;

    Exposures(Serving serving, Outbound outbound, MeterRegistry registry) {
        this.serving = serving;
        this.outbound = outbound;
        this.published = registry.counter("belay.edge.exposures.published");
        this.lost = registry.counter("belay.edge.exposures.lost");
    }

    /** Takes note of an evaluation whose answer the caller uses. */
    public void onEvaluation(ServedFlag flag, Evaluation evaluation, EvaluationContext context) {
        if (evaluation.treatment()) {
            serving.treated(flag.ref(), context.now());
        }
        RolloutState rollout = flag.inForce().orElse(null);
        if (rollout != null) {
            Exposure exposure = exposure(flag, rollout, evaluation, context);
            if (exposure != null) {
                publish(exposure);
            }
        }
    }

    private void publish(Exposure exposure) {
        long fingerprint = fingerprint(exposure);
        if (!seen.add(fingerprint, exposure.at().toEpochMilli())) {
            return;
        }
        var ignored = outbound.send(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id())
                .whenComplete((written, failure) -> {
                    if (failure == null) {
                        published.increment();
                    } else {
                        lost.increment();
                        seen.remove(fingerprint);
                    }
                });
    }

    private @Nullable Exposure exposure(
            ServedFlag flag, RolloutState rollout, Evaluation evaluation, EvaluationContext context) {
        FlagDefinition definition = flag.definition();
        String id = definition == null ? null : context.unit(definition.bucketBy());
        if (definition == null || id == null || evaluation.variant() == null) {
            return null;
        }
        Assignment how = evaluation.assignment();
        try {
            return new Exposure(
                    run + "-" + sequence.incrementAndGet(),
                    flag.ref().project(),
                    flag.ref().environment(),
                    flag.ref().flag(),
                    new Unit(definition.bucketBy(), id),
                    evaluation.variant(),
                    rollout.epoch(),
                    rollout.allocation().map(Allocation::number).orElse(0),
                    how == null ? null : how.clause(),
                    how == null ? null : how.share(),
                    how == null ? null : how.bucket(),
                    Dimensions.of(rollout, context::attribute),
                    rollout.version(),
                    context.now(),
                    SOURCE);
        } catch (IllegalArgumentException e) {
            lost.increment();
            return null;
        }
    }

    private static long fingerprint(Exposure exposure) {
        return new Fingerprint()
                .with(exposure.ref().key())
                .with(exposure.unit().kind())
                .with(exposure.unit().id())
                .with(exposure.variant())
                .with(exposure.clause() == null ? "" : exposure.clause())
                .with(exposure.epoch())
                .with(exposure.allocation())
                .value();
    }
}
