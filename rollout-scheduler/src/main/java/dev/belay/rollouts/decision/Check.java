// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One thing that must hold before a stage is left.
 *
 * @param name what is checked
 * @param passed whether it holds
 * @param sentence for people
 */
public record Check(Name name, boolean passed, String sentence) {
    /** What is checked. */
    public enum Name {
        /** No guardrail of this rollout is breached. Nobody may pass over it. */
        @JsonProperty("breach")
        BREACH,
        /** Somebody judges the rollout: the dead-man switch. */
        @JsonProperty("judged")
        JUDGED,
        /** The stage lasted long enough. */
        @JsonProperty("time")
        TIME,
        /** Each variant had enough users. */
        @JsonProperty("users")
        USERS,
        /** What the guardrails say. */
        @JsonProperty("guardrails")
        GUARDRAILS,
        /** Raises are allowed at this hour. */
        @JsonProperty("window")
        WINDOW,
        /** Nothing is frozen. */
        @JsonProperty("freeze")
        FREEZE,
        /** Nobody keeps it in its stage. */
        @JsonProperty("pin")
        PIN,
        /** Those who must agree agreed. Nobody may pass over it. */
        @JsonProperty("approval")
        APPROVAL,
        /** A person says so. */
        @JsonProperty("person")
        PERSON
    }
}
