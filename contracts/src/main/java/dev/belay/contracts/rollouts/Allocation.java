// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Require;

/**
 * A stretch of a rollout in which nothing about who gets what changed.
 *
 * @param number rises with every change, from 1
 * @param stage index of the stage, from 0
 * @param clauses in the order they are tried
 * @param since when it began
 */
public record Allocation(int number, int stage, List<Clause> clauses, Instant since) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Allocation {
        Require.positive(number, "allocation.number");
        Require.notNegative(stage, "allocation.stage");
        clauses = List.copyOf(Require.notEmpty(clauses, "allocation.clauses"));
        Require.nonNull(since, "allocation.since");
    }

    /** Returns the clause with that id, if this allocation has it. */
    public Optional<Clause> clause(String id) {
        return clauses.stream().filter(clause -> clause.id().equals(id)).findFirst();
    }
}
