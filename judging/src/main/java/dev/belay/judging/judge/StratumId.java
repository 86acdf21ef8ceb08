// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.Comparator;

import dev.belay.judging.attribution.Cell;

/**
 * A stratum of one rollout: only within it is the split between the arms constant.
 *
 * @param allocation number of the allocation
 * @param clause id of the clause
 */
public record StratumId(int allocation, String clause) implements Comparable<StratumId> {
    private static final Comparator<StratumId> ORDER =
            Comparator.comparingInt(StratumId::allocation).thenComparing(StratumId::clause);

    /** Returns the stratum that a cell's units belong to. */
    public static StratumId of(Cell cell) {
        return new StratumId(cell.allocation(), cell.clause());
    }

    @Override
    public int compareTo(StratumId other) {
        return ORDER.compare(this, other);
    }
}
