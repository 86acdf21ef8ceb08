// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.Map;

/**
 * How one event of one unit changes a rollout's tally, or how outcomes joined for a while.
 *
 * @param flagKey {@code project/environment/flag}
 * @param epoch epoch of the rollout
 * @param cells change per cell
 * @param treated change of the number of distinct units per treatment
 * @param bothArms change of the number of units seen in several arms of one stratum
 * @param joins how outcomes joined, by name of their event
 * @param counted change of the number of events that counters count
 * @param isLate whether it arrived too long after it happened
 */
public record Delta(
        String flagKey,
        int epoch,
        Map<Cell, CellCounts> cells,
        Map<String, Integer> treated,
        int bothArms,
        Map<String, JoinCount> joins,
        Map<Counted, Integer> counted,
        boolean isLate) {
    /** A change of units. */
    public Delta(String flagKey, int epoch, Map<Cell, CellCounts> cells, Map<String, Integer> treated, int bothArms) {
        this(flagKey, epoch, cells, treated, bothArms, Map.of(), Map.of(), false);
    }

    /** Returns how outcomes joined; no unit changes. */
    public static Delta ofJoins(String flagKey, int epoch, Map<String, JoinCount> joins) {
        return new Delta(flagKey, epoch, Map.of(), Map.of(), 0, joins, Map.of(), false);
    }

    /** Returns events that count for no unit of the rollout. */
    public static Delta ofEvents(String flagKey, int epoch, Map<Counted, Integer> counted) {
        return new Delta(flagKey, epoch, Map.of(), Map.of(), 0, Map.of(), counted, false);
    }

    /** Returns the same change, which came late or did not. */
    public Delta late(boolean isLateNow) {
        return new Delta(flagKey, epoch, cells, treated, bothArms, joins, counted, isLateNow);
    }

    /** Returns whether nothing is counted. */
    public boolean isNone() {
        return cells.isEmpty() && treated.isEmpty() && bothArms == 0 && counted.isEmpty();
    }
}
