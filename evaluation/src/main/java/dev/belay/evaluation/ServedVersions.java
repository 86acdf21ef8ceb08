// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The versions of the inputs of a served flag. A reader never goes back in any of them.
 *
 * @param definition version of the definition, 0 for none
 * @param epoch epoch of the rollout state, 0 for none
 * @param rollout version of the rollout state, 0 for none
 * @param outEpoch greatest epoch of the rollbacks known; null for none
 * @param out texts of the targets out for that epoch, sorted
 */
public record ServedVersions(
        long definition, int epoch, long rollout, @Nullable Integer outEpoch, List<String> out) {}
