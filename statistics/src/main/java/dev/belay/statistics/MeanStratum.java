// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * Values of both arms within one stratum, cumulative: what {@link Stratum} is for events.
 *
 * @param control values of control
 * @param treatment values of treatment
 */
public record MeanStratum(Moments control, Moments treatment) {

    /** @throws NullPointerException if an arm is missing */
    public MeanStratum {
        requireNonNull(control, "control");
        requireNonNull(treatment, "treatment");
    }

    /** Returns the stratum of two histograms with one cap. */
    public static MeanStratum of(Histogram control, Histogram treatment, double cap) {
        return new MeanStratum(control.moments(cap), treatment.moments(cap));
    }

    /** Says whether both arms have units; without both there is nothing to compare. */
    public boolean hasBothArms() {
        return control.units() > 0 && treatment.units() > 0;
    }

    double units() {
        return (double) control.units() + treatment.units();
    }
}
