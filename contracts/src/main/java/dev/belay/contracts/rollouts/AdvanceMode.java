// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a stage needs before the next one is entered, besides its time and users. */
public enum AdvanceMode {
    /** A fresh HEALTHY or NOT_APPLICABLE for every guardrail, and at least one HEALTHY. */
    @JsonProperty("proven")
    PROVEN,
    /** No warning, and data flowing. */
    @JsonProperty("noSignOfHarm")
    NO_SIGN_OF_HARM,
    /** A person. */
    @JsonProperty("byHand")
    BY_HAND
}
