// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Part of an allocation: which units a clause admits, and how many of them get a treatment. Clauses are tried in order;
 * the first that admits a unit decides for it.
 *
 * @param id name of the clause, constant over a rollout's allocations: {@code segment:<name>} or {@code rest}
 * @param segment segment it admits; null for everyone else
 * @param percent share of its units that get a treatment, in percent: those whose bucket is at most {@code percent/100}
 */
public record Clause(String id, @Nullable String segment, double percent) {
    /** Id of the clause that admits everyone no other clause admits. */
    public static final String REST = "rest";

    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Clause {
        Require.text(id, "clause.id");
        if (segment != null) {
            Require.name(segment, "clause.segment");
        }
        Require.percent(percent, "clause.percent");
    }

    public static Clause ofSegment(String segment, double percent) {
        return new Clause("segment:" + segment, segment, percent);
    }

    public static Clause ofRest(double percent) {
        return new Clause(REST, null, percent);
    }

    /** Returns whether the clause has both arms, so that they can be compared. */
    public boolean hasBothArms() {
        return percent > 0 && percent < 100;
    }

    /** Returns whether a unit with this bucket (0 to 1) gets a treatment. */
    public boolean treats(double bucket) {
        return percent >= 100 || (percent > 0 && bucket <= percent / 100);
    }
}
