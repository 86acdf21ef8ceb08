// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for.
 *
 * @param project of a project; null for any
 * @param subject about one thing; null for any
 * @param environment of flags of that environment of the project only, besides what has no environment; null for any
 */
record AuditFilter(
        @Nullable String project,
        @Nullable String subject,
        @Nullable String environment) {

    /** Returns how subjects of the environment begin; null for any. */
    @Nullable
    String flagPrefix() {
        return environment == null ? null : project + "/" + environment + "/";
    }
}
