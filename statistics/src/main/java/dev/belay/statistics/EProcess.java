// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Evidence against a null hypothesis that may be looked at as often as one likes: while the null holds, the probability
 * that {@link #logE()} ever reaches {@code log(1 / alpha)} is at most alpha.
 *
 * <p>{@link RatioProcess} and {@link MeanProcess} keep this at every sample size; {@link MomentsProcess} only
 * asymptotically, as its documentation says.
 */
public interface EProcess {

    /** Returns the natural log of the evidence now; 0 at the start, never above what a double holds. */
    double logE();

    /** Returns the highest {@link #logE()} after any block; negative infinity before the first. */
    double logSup();
}
