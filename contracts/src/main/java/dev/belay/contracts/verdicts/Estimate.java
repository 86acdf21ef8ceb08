// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import org.jspecify.annotations.Nullable;

/**
 * How large a change is, for people.
 *
 * @param ratio Mantel-Haenszel ratio of treatment to control over the strata; null when undefined
 * @param lower lower end of the 95 % confidence sequence of the ratio; null when unknown
 * @param upper upper end; null when unbounded or unknown
 */
public record Estimate(
        @Nullable Double ratio,
        @Nullable Double lower,
        @Nullable Double upper) {
    public static final Estimate UNKNOWN = new Estimate(null, null, null);
}
