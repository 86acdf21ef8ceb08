// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;

/** What an evaluation may look at besides the flag itself. */
public interface Snapshot extends SegmentSource {
    /** Returns another flag; null when there is none. */
    @Nullable
    ServedFlag flag(FlagRef ref);
}
