// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Instant;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;

/** Metrics for tests. */
final class Samples {
    private Samples() {}

    /** A conversion that counts whenever it comes. */
    static MetricDefinition conversion(String name, String event) {
        return new MetricDefinition(
                "shop",
                name,
                1,
                null,
                null,
                MetricKind.CONVERSION,
                event,
                null,
                MetricDefinition.GoodWhen.UP,
                null,
                null,
                null,
                "user",
                Instant.EPOCH);
    }
}
