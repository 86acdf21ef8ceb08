// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

/** What is known about a guardrail. */
public enum Decision {
    /** Harm is proven and the estimate is beyond the limit. Latched: a later block does not take it back. */
    BREACHED,
    /** The change is proven to be within the limit in the present stage, and nothing speaks against it. */
    HEALTHY,
    /** Neither; the reasons say what is missing. */
    UNDECIDED,
    /** The guardrail cannot be judged in the present stage, for instance for want of a control group. */
    NOT_APPLICABLE
}
