// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Cumulative counts of both arms within one stratum: one audience clause during one interval of constant allocation.
 *
 * <p>In arrival mode events may exceed units.
 *
 * @param controlUnits units exposed to control, not negative
 * @param treatmentUnits units exposed to treatment, not negative
 * @param controlEvents events of control, not negative
 * @param treatmentEvents events of treatment, not negative
 */
public record Stratum(long controlUnits, long treatmentUnits, long controlEvents, long treatmentEvents) {
    /** Nothing counted yet. */
    public static final Stratum EMPTY = new Stratum(0, 0, 0, 0);

    /** @throws IllegalArgumentException if a count is negative */
    public Stratum {
        Ranges.notNegative("controlUnits", controlUnits);
        Ranges.notNegative("treatmentUnits", treatmentUnits);
        Ranges.notNegative("controlEvents", controlEvents);
        Ranges.notNegative("treatmentEvents", treatmentEvents);
    }

    /** Returns the counts of both together; only counts of the same stratum may be added. */
    public Stratum plus(Stratum more) {
        return new Stratum(
                controlUnits + more.controlUnits,
                treatmentUnits + more.treatmentUnits,
                controlEvents + more.controlEvents,
                treatmentEvents + more.treatmentEvents);
    }

    /**
     * Returns the counts as they tell when events come in clusters: so many fewer.
     *
     * @param dispersion as for {@link Dispersion#factor}, at least 1
     */
    public Stratum clustered(double dispersion) {
        return new Stratum(
                controlUnits,
                treatmentUnits,
                Math.round(controlEvents / dispersion),
                Math.round(treatmentEvents / dispersion));
    }

    /** Says whether both arms have units; without both there is nothing to compare. */
    public boolean hasBothArms() {
        return controlUnits > 0 && treatmentUnits > 0;
    }

    double units() {
        return (double) controlUnits + treatmentUnits;
    }
}
