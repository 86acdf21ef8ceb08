// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * Everything a {@link ChangeDetector} knows, as plain numbers: what a state store keeps.
 *
 * @param bets capital and tuning sums; its {@code logSup} is the highest value since the last reset
 * @param blocks blocks since the last reset, not negative
 */
public record ChangeState(RatioState bets, long blocks) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public ChangeState {
        requireNonNull(bets, "bets");
        Ranges.notNegative("blocks", blocks);
    }
}
