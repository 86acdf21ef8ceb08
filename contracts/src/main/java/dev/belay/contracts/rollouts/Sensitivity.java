// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much harm inside the limit is tolerated before a rollback. */
public enum Sensitivity {
    /** No-harm margin 0, gate at the limit. */
    @JsonProperty("balanced")
    BALANCED,
    /** Margin and gate at half the limit; rolls back later. */
    @JsonProperty("tolerant")
    TOLERANT
}
