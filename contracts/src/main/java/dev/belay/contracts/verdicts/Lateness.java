// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import dev.belay.contracts.Require;

/**
 * How many of a metric's events came too late: more than a minute after they happened, or after the units they are of were
 * final. Over all strata since the rollout is judged.
 *
 * @param control events of control
 * @param lateControl those of them that were late
 * @param treatment events of the treatment
 * @param lateTreatment those of them that were late
 */
public record Lateness(long control, long lateControl, long treatment, long lateTreatment) {
    public static final Lateness NONE = new Lateness(0, 0, 0, 0);

    /** @throws IllegalArgumentException if a number is negative, or more are late than there are */
    public Lateness {
        Require.notNegative(lateControl, "lateControl");
        Require.notNegative(lateTreatment, "lateTreatment");
        Require.that(lateControl <= control, "lateControl", "must be at most " + control, lateControl);
        Require.that(lateTreatment <= treatment, "lateTreatment", "must be at most " + treatment, lateTreatment);
    }
}
