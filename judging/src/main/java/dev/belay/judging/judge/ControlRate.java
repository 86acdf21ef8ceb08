// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.contracts.verdicts.Counts;

/**
 * Whether control keeps the rate it had earlier in the stage. When control itself loses half, something besides the flag
 * does harm, or the flag does it to both arms: no comparison between the arms can tell.
 *
 * <p>What has come is compared in pieces with all that came before, event by new unit; a piece that fell does not become
 * part of what the next is compared with. A function of the blocks of the stage.
 *
 * @param baseUnits units of control before the present piece
 * @param baseEvents events of control before it
 * @param units units of the present piece
 * @param events events of the present piece
 * @param lastUnits units of the piece that was looked at last
 * @param lastEvents events of that piece
 * @param fell whether that piece had half the rate or less
 */
record ControlRate(
        long baseUnits, long baseEvents, long units, long events, long lastUnits, long lastEvents, boolean fell) {
    static final ControlRate START = new ControlRate(0, 0, 0, 0, 0, 0, false);

    /** Events that are expected before a piece is looked at. */
    private static final double ENOUGH = 25;
    /** Events that are expected when the next piece begins. */
    private static final double FULL = 64;

    private static final double HALF = 0.5;
    /** Standard deviations of a Poisson count that chance alone may lack. */
    private static final double CHANCE = 4;

    ControlRate plus(long newUnits, long newEvents) {
        if (baseEvents < ENOUGH) {
            return new ControlRate(baseUnits + newUnits, baseEvents + newEvents, 0, 0, 0, 0, false);
        }
        long allUnits = units + newUnits;
        long allEvents = events + newEvents;
        double expected = allUnits * ((double) baseEvents / baseUnits);
        if (expected < ENOUGH) {
            return new ControlRate(baseUnits, baseEvents, allUnits, allEvents, lastUnits, lastEvents, fell);
        }
        boolean low = allEvents <= HALF * expected && expected - allEvents >= CHANCE * StrictMath.sqrt(expected);
        if (expected < FULL) {
            return new ControlRate(baseUnits, baseEvents, allUnits, allEvents, allUnits, allEvents, low);
        }
        return low
                ? new ControlRate(baseUnits, baseEvents, 0, 0, allUnits, allEvents, true)
                : new ControlRate(baseUnits + allUnits, baseEvents + allEvents, 0, 0, allUnits, allEvents, false);
    }

    Counts before() {
        return new Counts(baseUnits, baseEvents);
    }

    Counts now() {
        return new Counts(lastUnits, lastEvents);
    }
}
