// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

/** How units of a stratum were meant to be split. */
@FunctionalInterface
public interface Shares {
    /** Returns the share of one treatment among control and that treatment, 0 to 1; 0 for an unknown stratum. */
    double treatment(StratumId stratum);
}
