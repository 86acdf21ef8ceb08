// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.Map;

/**
 * How one event of one unit changes a rollout's tally.
 *
 * @param flagKey {@code project/environment/flag}
 * @param epoch epoch of the rollout
 * @param cells change per cell
 * @param treated change of the number of distinct units per treatment
 * @param bothArms change of the number of units seen in several arms of one stratum
 */
public record Delta(
        String flagKey, int epoch, Map<Cell, CellCounts> cells, Map<String, Integer> treated, int bothArms) {
    /** Returns whether nothing changes. */
    public boolean isNone() {
        return cells.isEmpty() && treated.isEmpty() && bothArms == 0;
    }
}
