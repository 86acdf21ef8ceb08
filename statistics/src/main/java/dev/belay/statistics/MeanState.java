// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

/**
 * Everything a {@link MeanProcess} knows, as plain numbers: what a state store keeps. Storing and restoring changes no bit.
 *
 * @param logCapital natural log of the capital of each bet; a number below infinity
 * @param units tuning sum of units, starting at 1
 * @param sum tuning sum of scaled values, starting at 0.05
 * @param sumOfSquares tuning sum of their squares, starting at 0.0525
 * @param logSup highest log evidence after any block; negative infinity before the first
 */
public record MeanState(List<Double> logCapital, double units, double sum, double sumOfSquares, double logSup) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public MeanState {
        logCapital = List.copyOf(logCapital);
        logCapital.forEach(capital -> Ranges.log("logCapital", capital));
        Ranges.positive("units", units);
        Ranges.notNegative("sum", sum);
        Ranges.notNegative("sumOfSquares", sumOfSquares);
        Ranges.log("logSup", logSup);
    }
}
