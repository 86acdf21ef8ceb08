// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Everything a {@link MomentsProcess} knows, as plain numbers: what a state store keeps.
 *
 * @param controlUnits units of control in all past blocks
 * @param treatmentUnits treated units in all past blocks
 * @param controlSum sum of control's values in all past blocks
 * @param controlSquares squared distances of control's values from their block's mean
 * @param controlFreedom their degrees of freedom
 * @param treatmentSquares squared distances of treated values from their block's mean
 * @param treatmentFreedom their degrees of freedom
 * @param sum weighted contrast, above 0 for what the test bets on
 * @param time its intrinsic time, not negative
 * @param scale concentration of the mixture, frozen when the burn-in ended; 0 before
 * @param logSup highest log evidence after any block; negative infinity before the first
 */
public record MomentsState(
        long controlUnits,
        long treatmentUnits,
        double controlSum,
        double controlSquares,
        double controlFreedom,
        double treatmentSquares,
        double treatmentFreedom,
        double sum,
        double time,
        double scale,
        double logSup) {

    /** Before the first block. */
    public static final MomentsState START = new MomentsState(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Double.NEGATIVE_INFINITY);

    /** @throws IllegalArgumentException if a number is out of its range */
    public MomentsState {
        Ranges.notNegative("controlUnits", controlUnits);
        Ranges.notNegative("treatmentUnits", treatmentUnits);
        Ranges.notNegative("controlSquares", controlSquares);
        Ranges.notNegative("controlFreedom", controlFreedom);
        Ranges.notNegative("treatmentSquares", treatmentSquares);
        Ranges.notNegative("treatmentFreedom", treatmentFreedom);
        Ranges.notNegative("time", time);
        Ranges.notNegative("scale", scale);
        Ranges.log("logSup", logSup);
        if (!Double.isFinite(controlSum) || !Double.isFinite(sum)) {
            throw new IllegalArgumentException("controlSum and sum must be finite, were " + controlSum + " and " + sum);
        }
    }
}
