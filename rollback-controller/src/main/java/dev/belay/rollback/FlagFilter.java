// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import dev.belay.contracts.FlagRef;
import dev.belay.http.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What a list shows: what the caller asks for and may see.
 *
 * @param project name of a project; null for all
 * @param environment name of an environment; null for all
 * @param flag key of a flag; null for all
 * @param caller who asks
 */
record FlagFilter(
        @Nullable String project,
        @Nullable String environment,
        @Nullable String flag,
        Caller caller) {

    boolean accepts(FlagRef ref) {
        return (project == null || project.equals(ref.project()))
                && (environment == null || environment.equals(ref.environment()))
                && (flag == null || flag.equals(ref.flag()))
                && caller.mayUse(ref.project(), ref.environment());
    }
}
