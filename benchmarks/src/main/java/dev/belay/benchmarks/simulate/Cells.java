// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.ArrayList;
import java.util.List;

import dev.belay.benchmarks.simulate.Cell.Purpose;

/** What is simulated. */
final class Cells {
    private static final List<Double> BASES = List.of(0.02, 0.10, 0.30);
    private static final List<Double> SHARES = List.of(0.50, 0.05);
    private static final List<Double> STAGES = List.of(0.05, 0.25, 0.50);
    private static final List<Double> DROPS = List.of(0.20, 0.30, 0.50, 1.0);
    /** Rates rise and fall by this much each day where the split stays, and by more where it changes. */
    private static final double SEASON = 0.30;

    private static final double STAGED_SEASON = 0.60;

    private Cells() {}

    /** Nothing changes: one split for good, without a season and with one, and a split that is raised twice. */
    static List<Cell> falseRollbacks() {
        List<Cell> cells = new ArrayList<>();
        for (double season : List.of(0.0, SEASON)) {
            for (double share : SHARES) {
                for (double base : BASES) {
                    cells.add(new Cell(Purpose.FALSE_ROLLBACK, List.of(share), base, 0, season));
                }
            }
        }
        for (double base : BASES) {
            cells.add(new Cell(Purpose.FALSE_ROLLBACK, STAGES, base, 0, STAGED_SEASON));
        }
        return cells;
    }

    static List<Cell> harms() {
        List<Cell> cells = new ArrayList<>();
        for (double drop : DROPS) {
            for (double share : SHARES) {
                for (double base : BASES) {
                    cells.add(new Cell(Purpose.HARM, List.of(share), base, drop, 0));
                }
            }
        }
        return cells;
    }

    static List<Cell> healths() {
        List<Cell> cells = new ArrayList<>();
        for (double share : SHARES) {
            for (double base : BASES) {
                cells.add(new Cell(Purpose.HEALTH, List.of(share), base, 0, 0));
            }
        }
        return cells;
    }
}
