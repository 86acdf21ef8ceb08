// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The stratified estimate of the ratio treatment / control (statistics.md §4.4).
 *
 * <p>Pooling strata of different allocation is not offered: with a daily season it rolls back up to every harmless
 * rollout (Simpson's paradox). A stratum without both arms adds nothing.
 *
 * @param treatmentEvents sum over strata of treated events times the control share of the units
 * @param controlEvents sum over strata of control events times the treated share of the units
 */
public record MantelHaenszel(double treatmentEvents, double controlEvents) {

    /** @throws IllegalArgumentException if a number is negative or not finite */
    public MantelHaenszel {
        Ranges.notNegative("treatmentEvents", treatmentEvents);
        Ranges.notNegative("controlEvents", controlEvents);
    }

    /**
     * Returns the estimate over these strata. The strata in another order may differ in the last bit.
     *
     * @param strata one element per stratum, cumulative
     */
    public static MantelHaenszel of(List<Stratum> strata) {
        double treatment = 0;
        double control = 0;
        for (Stratum stratum : strata) {
            if (stratum.hasBothArms()) {
                treatment += (double) stratum.treatmentEvents() * stratum.controlUnits() / stratum.units();
                control += (double) stratum.controlEvents() * stratum.treatmentUnits() / stratum.units();
            }
        }
        return new MantelHaenszel(treatment, control);
    }

    /**
     * Returns the same estimate of a ratio of means: sums of values in place of numbers of events (statistics.md §4.5).
     *
     * @param strata one element per stratum, cumulative; values not negative
     */
    public static MantelHaenszel ofMeans(List<MeanStratum> strata) {
        double treatment = 0;
        double control = 0;
        for (MeanStratum stratum : strata) {
            if (stratum.hasBothArms()) {
                treatment += stratum.treatment().sum() * stratum.control().units() / stratum.units();
                control += stratum.control().sum() * stratum.treatment().units() / stratum.units();
            }
        }
        return new MantelHaenszel(treatment, control);
    }

    /** Returns the ratio; empty while control has no event to compare with. */
    public OptionalDouble ratio() {
        return controlEvents > 0 ? OptionalDouble.of(treatmentEvents / controlEvents) : OptionalDouble.empty();
    }
}
