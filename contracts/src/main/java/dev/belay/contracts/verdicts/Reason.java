// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

/** Why a verdict is what it is. */
public enum Reason {
    /** No unit was exposed yet, or none for a while. */
    NO_DATA,
    /** One arm has not been seen for a while. */
    STALE,
    /** The arms' sizes do not fit their shares. */
    SAMPLE_RATIO_MISMATCH,
    /** Evidence of harm is past the warning level. */
    WARNING,
    /** Both arms' outcomes stopped. */
    METRIC_SILENT,
    /** Control's own rate fell to half or less of what it was earlier in the stage: something besides the flag does harm. */
    CONTROL_FELL,
    /** Too many units were seen in both arms. */
    CONTAMINATED,
    /** Too many outcomes came late in one arm. */
    LATENESS,
    /** Outcomes arrive, and hardly any belongs to an exposed unit. */
    NOT_JOINED,
    /** No clause of the stage has both arms. */
    NO_CONTROL,
    /** The rollout is finished, and does other than it did while it was judged. For people; it holds and takes back nothing. */
    CHANGED,
    /** Evidence is still growing. */
    NOT_ENOUGH_EVIDENCE,
    /** The guardrail or its metric cannot be computed. */
    ERROR
}
