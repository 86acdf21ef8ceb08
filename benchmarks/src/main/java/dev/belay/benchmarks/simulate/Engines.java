// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import dev.belay.statistics.OutcomeMode;

/**
 * The product's processes of one rollout, each fed once a block whoever asks.
 *
 * @param instant harm, outcomes with the exposures
 * @param arrival harm, outcomes that arrive later
 * @param health health, outcomes with the exposures
 * @param healthArrival health, outcomes that arrive later
 */
record Engines(Evidence instant, Evidence arrival, Evidence health, Evidence healthArrival) {

    static Engines of(Cell cell) {
        int stages = cell.shares().size();
        return new Engines(
                Evidence.ofHarm(OutcomeMode.BERNOULLI, stages),
                Evidence.ofHarm(OutcomeMode.ARRIVAL, stages),
                Evidence.ofHealth(OutcomeMode.BERNOULLI),
                Evidence.ofHealth(OutcomeMode.ARRIVAL));
    }

    void take(Peek peek, Cell.Purpose purpose) {
        if (purpose == Cell.Purpose.HEALTH) {
            health.take(peek);
            healthArrival.take(peek);
        } else {
            instant.take(peek);
            arrival.take(peek);
        }
    }
}
