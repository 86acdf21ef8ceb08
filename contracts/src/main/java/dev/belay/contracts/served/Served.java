// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.served;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What one edge serves for one flag, said on change and again every few seconds.
 *
 * <p>Topic {@code belay.served.v1}, keyed by {@code edge#project/environment/flag}.
 *
 * @param edge name of the edge
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param definition version of the definition, 0 for none
 * @param epoch epoch of the rollout state, 0 for none
 * @param rollout version of the rollout state, 0 for none
 * @param out what is out for the greatest epoch, as texts of targets, sorted
 * @param outEpoch greatest epoch of the rollbacks it knows; null for none
 * @param lastTreatmentAt when it last served a treatment of the rollout; null for never
 * @param at when it began to serve this
 */
public record Served(
        String edge,
        String project,
        String environment,
        String flag,
        long definition,
        int epoch,
        long rollout,
        List<String> out,
        @Nullable Integer outEpoch,
        @Nullable Instant lastTreatmentAt,
        Instant at) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Served {
        Require.name(edge, "edge");
        new FlagRef(project, environment, flag);
        Require.notNegative(definition, "definition");
        Require.notNegative(epoch, "epoch");
        Require.notNegative(rollout, "rollout");
        out = out == null ? List.of() : List.copyOf(out);
        Require.nonNull(at, "at");
    }

    /** Returns the key of the record. */
    public String recordKey() {
        return edge + "#" + new FlagRef(project, environment, flag).key();
    }
}
