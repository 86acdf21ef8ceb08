// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/** How the events of a block relate to its exposures. */
public enum OutcomeMode {
    /** Instant outcomes: the events belong to the exposed units of the same block, at most one event per unit. */
    BERNOULLI,
    /**
     * Outcomes that arrive later than their exposure, or counts per exposure: exposures are weights, each arriving
     * event is a coin flip between the arms. Events may exceed exposures. The reference vectors call this POISSON.
     */
    ARRIVAL
}
