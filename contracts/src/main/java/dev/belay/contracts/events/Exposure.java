// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.events;

import java.time.Instant;
import java.util.Map;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.Unit;
import org.jspecify.annotations.Nullable;

/**
 * A unit really saw a decision.
 *
 * <p>Topic {@code belay.exposures.v1}, keyed by the unit. The stratum of the unit is {@code (epoch, allocation,
 * clause)}; within it a repeat changes nothing.
 *
 * @param id identifies the event; a redelivery carries the same id
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param unit who saw it
 * @param variant key of the variant served
 * @param epoch epoch of the rollout in force, 0 when there was none
 * @param allocation allocation of that rollout, 0 when there was none
 * @param clause audience clause that admitted the unit; null when the rollout did not decide for it
 * @param share share of the clause's units that get a treatment, 0 to 1; null without a clause
 * @param bucket the unit's rollout hash, 0 to 1; null without a clause, and where the arm was assigned elsewhere
 * @param dimensions properties declared in the plan's {@code watchBy}, as the sender gave them
 * @param rolloutVersion version of the rollout state that was served, 0 when there was none
 * @param at when the unit saw it, by the sender's clock and not after the edge's; it attributes and orders nothing else
 * @param source what reported it, for instance {@code ofrep}
 */
public record Exposure(
        String id,
        String project,
        String environment,
        String flag,
        Unit unit,
        String variant,
        int epoch,
        int allocation,
        @Nullable String clause,
        @Nullable Double share,
        @Nullable Double bucket,
        Map<String, String> dimensions,
        long rolloutVersion,
        Instant at,
        String source) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Exposure {
        Require.text(id, "id");
        new FlagRef(project, environment, flag);
        Require.nonNull(unit, "unit");
        Require.name(variant, "variant");
        Require.notNegative(epoch, "epoch");
        Require.notNegative(allocation, "allocation");
        Require.that((clause == null) == (share == null), "share", "comes with a clause", share);
        Require.that(bucket == null || clause != null, "bucket", "comes with a clause", bucket);
        Require.that(share == null || (share >= 0 && share <= 1), "share", "must lie in [0, 1]", share);
        Require.that(bucket == null || (bucket >= 0 && bucket <= 1), "bucket", "must lie in [0, 1]", bucket);
        dimensions = dimensions == null ? Map.of() : Map.copyOf(dimensions);
        Require.notNegative(rolloutVersion, "rolloutVersion");
        Require.nonNull(at, "at");
        Require.text(source, "source");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns the key of the record. */
    public String recordKey() {
        return unit.key(project, environment);
    }
}
