// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * The two presets of a rollback guardrail, expressed by the no-harm margin and the gate (statistics.md §3).
 *
 * <p>BREACH needs evidence against "the ratio is at least 1 - margin" (mirrored for a rise) and an estimate at or
 * beyond the gate.
 */
public enum Sensitivity {
    /** Default: evidence against "no harm at all", gate at the threshold. */
    BALANCED,
    /** Rolls back later and never, up to alpha, within half the threshold. statistics.md calls it strict. */
    TOLERANT;

    /**
     * Returns the no-harm margin as a fraction of control, 0 or half the threshold.
     *
     * @param threshold relative change that the guardrail forbids, as a fraction
     */
    public double margin(double threshold) {
        return switch (this) {
            case BALANCED -> 0;
            case TOLERANT -> threshold / 2;
        };
    }

    /**
     * Returns the relative change the estimate must reach before evidence counts, as a fraction.
     *
     * @param threshold relative change that the guardrail forbids, as a fraction
     */
    public double gate(double threshold) {
        return switch (this) {
            case BALANCED -> threshold;
            case TOLERANT -> threshold / 2;
        };
    }
}
