// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.Comparator;

import dev.belay.contracts.verdicts.Block;
import dev.belay.judging.attribution.Cell;
import org.jspecify.annotations.Nullable;

/**
 * A stratum of one rollout: only within it is the split between the arms constant. Its units of one segment are one, too.
 *
 * @param allocation number of the allocation
 * @param clause id of the clause
 * @param segment {@code dimension=value} it is restricted to; null for everyone
 */
public record StratumId(
        int allocation, String clause, @Nullable String segment) implements Comparable<StratumId> {
    private static final Comparator<StratumId> ORDER = Comparator.comparingInt(StratumId::allocation)
            .thenComparing(StratumId::clause)
            .thenComparing(StratumId::segment, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** Of everyone. */
    public StratumId(int allocation, String clause) {
        this(allocation, clause, null);
    }

    /** Returns the stratum that a cell's units belong to. */
    public static StratumId of(Cell cell) {
        return new StratumId(cell.allocation(), cell.clause(), cell.segment());
    }

    /** Returns the stratum that a block is about. */
    public static StratumId of(Block block) {
        return new StratumId(block.allocation(), block.clause(), block.segment());
    }

    /** Returns the same stratum of everyone. */
    public StratumId whole() {
        return segment == null ? this : new StratumId(allocation, clause);
    }

    /** Returns whether it is of everyone. */
    public boolean isWhole() {
        return segment == null;
    }

    @Override
    public int compareTo(StratumId other) {
        return ORDER.compare(this, other);
    }
}
