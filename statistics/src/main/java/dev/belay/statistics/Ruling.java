// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.Collection;
import java.util.List;

import dev.belay.statistics.Finding.Check;

import static java.util.Objects.requireNonNull;

/**
 * What follows for a stage of a variant from evidence and doubts together: the decision table of statistics.md §6.
 *
 * @param outcome what follows
 * @param doubts why the data are not to be trusted, in the order of {@link Check}; may stand beside any outcome
 */
public record Ruling(Outcome outcome, List<Check> doubts) {

    /** What follows, the strongest first. */
    public enum Outcome {
        /** Harm is proven: roll back. Nothing takes it back and no doubt keeps it. */
        BREACHED,
        /** The data are not to be trusted: hold and tell. */
        DOUBTED,
        /** Evidence of harm is half way: hold the stage. */
        WARNED,
        /** The change of every guardrail is proven to be within its threshold: the stage may end. */
        HEALTHY,
        /** Evidence is still growing: stay. */
        UNDECIDED
    }

    /** @throws NullPointerException if a part is missing */
    public Ruling {
        requireNonNull(outcome, "outcome");
        doubts = List.copyOf(doubts);
    }

    /**
     * Applies the table.
     *
     * @param harm {@link Combination} of the members that roll back
     * @param wasBreached whether it was a breach at an earlier look
     * @param allHealthy whether every guardrail that is judged has evidence of health of {@code 1 / beta} or more now, and at least one
     *     is judged
     * @param findings everything that was checked
     */
    public static Ruling of(Combination harm, boolean wasBreached, boolean allHealthy, Collection<Finding> findings) {
        List<Check> doubts = findings.stream()
                .filter(Finding::isDoubt)
                .map(Finding::check)
                .distinct()
                .sorted()
                .toList();
        if (wasBreached || harm.breach()) {
            return new Ruling(Outcome.BREACHED, doubts);
        }
        if (!doubts.isEmpty()) {
            return new Ruling(Outcome.DOUBTED, doubts);
        }
        if (harm.warning()) {
            return new Ruling(Outcome.WARNED, doubts);
        }
        return new Ruling(allHealthy ? Outcome.HEALTHY : Outcome.UNDECIDED, doubts);
    }
}
