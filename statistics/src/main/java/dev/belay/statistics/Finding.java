// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * What one check of the data found, with its numbers (statistics.md §6). A doubt keeps a stage from being called healthy; it never
 * keeps harm from being called harm.
 *
 * @param check what was checked
 * @param isDoubt whether the data are not to be trusted
 * @param measured what was measured, in the unit of the check
 * @param limit from where on it is a doubt, in the same unit
 */
public record Finding(Check check, boolean isDoubt, double measured, double limit) {

    /** What is checked, in the order of importance. */
    public enum Check {
        /** Exposures are not split as they should be; log evidence. */
        SAMPLE_RATIO,
        /** One arm has not been exposed for a while, or events lag behind; seconds. */
        STALE,
        /** Both arms' events have stopped; events that control should have had. */
        SILENT,
        /** Units were seen in both arms; share of the units. */
        CONTAMINATION,
        /** Events come late in one arm more than in the other; share of the events. */
        LATENESS
    }

    /** @throws NullPointerException if the check is missing */
    public Finding {
        requireNonNull(check, "check");
    }
}
