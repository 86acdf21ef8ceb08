// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.metrics;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is measured per unit. */
public enum MetricKind {
    /** Share of units with at least one event within the window after exposure. */
    @JsonProperty("conversion")
    CONVERSION,
    /** Share of units with at least one event since exposure. */
    @JsonProperty("rate")
    RATE,
    /** Mean of a value per unit. */
    @JsonProperty("mean")
    MEAN,
    /** A quantile of a value. */
    @JsonProperty("quantile")
    QUANTILE,
    /** Number of events in a window, absolute. */
    @JsonProperty("counter")
    COUNTER
}
