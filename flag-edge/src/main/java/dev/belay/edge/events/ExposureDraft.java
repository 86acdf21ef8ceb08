// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.edge.exposures.Dimensions;
import dev.belay.evaluation.Assignment;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.ServedFlag;
import org.jspecify.annotations.Nullable;

/**
 * An exposure before it is known where it belongs.
 *
 * @param id identifies the event
 * @param flag the flag
 * @param unit who saw it
 * @param variant key of the variant seen
 * @param at when, not after the edge's time
 * @param source what reported it
 * @param property gives a property of the unit, null for none
 */
public record ExposureDraft(
        String id,
        FlagRef flag,
        Unit unit,
        String variant,
        Instant at,
        String source,
        Function<String, @Nullable JsonNode> property) {

    /** Returns the exposure with no rollout: it is counted for none. */
    public Exposure unattributed() {
        return new Exposure(
                id,
                flag.project(),
                flag.environment(),
                flag.flag(),
                unit,
                variant,
                0,
                0,
                null,
                null,
                null,
                Map.of(),
                0,
                at,
                source);
    }

    /**
     * Returns the exposure where an evaluation of the flag puts its unit, when that says the same variant; else without a
     * rollout.
     *
     * @param served what was evaluated
     * @param evaluation what it gives the unit now
     */
    public Reading.Exposed by(ServedFlag served, Evaluation evaluation) {
        boolean same = variant.equals(evaluation.variant());
        RolloutState rollout = served.inForce().orElse(null);
        if (!same || rollout == null) {
            return new Reading.Exposed(unattributed(), same);
        }
        Assignment how = evaluation.assignment();
        Allocation allocation = rollout.allocation().orElse(null);
        return new Reading.Exposed(
                in(
                        rollout,
                        allocation == null ? 0 : allocation.number(),
                        how == null ? null : how.clause(),
                        how == null ? null : how.share(),
                        how == null ? null : how.bucket()),
                true);
    }

    /** Returns the exposure in one clause of an allocation; null clause, share and bucket where the rollout did not decide. */
    Exposure in(
            RolloutState rollout,
            int allocation,
            @Nullable String clause,
            @Nullable Double share,
            @Nullable Double bucket) {
        return new Exposure(
                id,
                flag.project(),
                flag.environment(),
                flag.flag(),
                unit,
                variant,
                rollout.epoch(),
                allocation,
                clause,
                share,
                bucket,
                Dimensions.of(rollout, property),
                rollout.version(),
                at,
                source);
    }
}
