// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.contracts.Require;

/**
 * People who must agree.
 *
 * @param before what waits for them
 * @param by role they need, for instance {@code releaser}
 * @param count how many, at least 1
 */
public record Approval(Before before, String by, int count) {
    /** What waits for the approval. */
    public enum Before {
        /** The stage is not entered. */
        @JsonProperty("entering")
        ENTERING
    }

    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Approval {
        Require.nonNull(before, "approval.before");
        Require.name(by, "approval.by");
        Require.positive(count, "approval.count");
    }
}
