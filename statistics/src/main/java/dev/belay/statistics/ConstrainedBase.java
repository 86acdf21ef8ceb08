// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/** The point of the null hypothesis nearest to an alternative: the constrained estimate of a risk ratio (statistics.md §4.1). */
final class ConstrainedBase {
    private ConstrainedBase() {}

    /**
     * Returns the control rate x of the null point (x, rho x) nearest in Kullback-Leibler distance to the rates
     * (thetaControl, thetaTreatment) with these weights of the arms.
     *
     * <p>The smaller root of the quadratic is taken in the form 2A / (b + sqrt), which does not cancel.
     */
    static double of(double control, double treatment, double thetaControl, double thetaTreatment, double rho) {
        double expected = control * thetaControl + treatment * thetaTreatment;
        double units = control + treatment;
        if (rho == 1) {
            return expected / units;
        }
        double b = control + treatment * thetaTreatment + rho * (treatment + control * thetaControl);
        double discriminant = Math.max(b * b - 4 * rho * units * expected, 0);
        return 2 * expected / (b + Math.sqrt(discriminant));
    }
}
