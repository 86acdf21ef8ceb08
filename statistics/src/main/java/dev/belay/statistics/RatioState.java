// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

/**
 * Everything a {@link RatioProcess} knows, as plain numbers: what a state store keeps. Storing and restoring changes no
 * bit, as long as the store keeps doubles exactly (shortest decimal form does).
 *
 * @param logCapital natural log of the capital of each alternative; negative infinity before anything was invested
 * @param controlUnits exposures of control in all past blocks, a tuning sum
 * @param treatmentUnits exposures of treatment in all past blocks, a tuning sum
 * @param controlEvents events of control in all past blocks, a tuning sum
 * @param treatmentEvents events of treatment in all past blocks, a tuning sum
 * @param invested share of the initial capital invested so far, 0 to 1
 * @param logSup highest log evidence after any block; negative infinity before the first
 */
public record RatioState(
        List<Double> logCapital,
        double controlUnits,
        double treatmentUnits,
        double controlEvents,
        double treatmentEvents,
        double invested,
        double logSup) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public RatioState {
        logCapital = List.copyOf(logCapital);
        logCapital.forEach(capital -> Ranges.log("logCapital", capital));
        Ranges.notNegative("controlUnits", controlUnits);
        Ranges.notNegative("treatmentUnits", treatmentUnits);
        Ranges.notNegative("controlEvents", controlEvents);
        Ranges.notNegative("treatmentEvents", treatmentEvents);
        Ranges.unit("invested", invested);
        Ranges.log("logSup", logSup);
    }
}
