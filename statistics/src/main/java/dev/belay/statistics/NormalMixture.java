// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Mixture supermartingales of a sum {@code s} with intrinsic time {@code v} (Howard, Ramdas, McAuliffe and Sekhon 2021;
 * statistics.md §4.6). While the sum's mean is at most 0 (one-sided) or 0 (two-sided), {@code exp} of them starts at 1 and
 * is not expected to grow.
 */
final class NormalMixture {
    private NormalMixture() {}

    /**
     * Returns the log of the mixture over positive effects.
     *
     * @param scale concentration of the mixture, in the unit of {@code v}, above 0
     */
    static double oneSided(double s, double v, double scale) {
        double sum = v + scale;
        return 0.5 * StrictMath.log(4 * scale / sum) + s * s / (2 * sum) + Normal.logCdf(s / Math.sqrt(sum));
    }

    /** Returns the log of the mixture over effects of both signs; arguments as for {@link #oneSided}. */
    static double twoSided(double s, double v, double scale) {
        double sum = v + scale;
        return 0.5 * StrictMath.log(scale / sum) + s * s / (2 * sum);
    }

    /** Returns the sum at which the two-sided mixture reaches {@code 1 / alpha}. */
    static double twoSidedBound(double v, double alpha, double scale) {
        double sum = v + scale;
        return Math.sqrt(sum * (StrictMath.log(sum / scale) - 2 * StrictMath.log(alpha)));
    }

    /** Returns the sum at which the one-sided mixture reaches {@code 1 / alpha}. */
    static double oneSidedBound(double v, double alpha, double scale) {
        double limit = -StrictMath.log(alpha);
        return Bisection.rootBetween(0, twoSidedBound(v, alpha, scale), s -> oneSided(s, v, scale) - limit);
    }

    /** Returns the scale that makes the two-sided bound smallest at intrinsic time {@code v}. */
    static double bestScaleTwoSided(double v, double alpha) {
        double twice = -2 * StrictMath.log(alpha);
        return v / (twice + StrictMath.log1p(twice));
    }

    /** Returns the scale that makes the one-sided bound about smallest at intrinsic time {@code v}. */
    static double bestScaleOneSided(double v, double alpha) {
        return bestScaleTwoSided(v, 2 * alpha);
    }
}
