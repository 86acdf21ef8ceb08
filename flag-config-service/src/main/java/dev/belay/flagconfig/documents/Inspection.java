// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a document before it changes, under its lock and in its transaction. Each method may refuse with a {@link
 * dev.belay.http.ProblemException}.
 */
public interface Inspection {
    /**
     * A flag is written.
     *
     * @param before what stands; null for a new flag
     * @return what is written
     */
    default FlagDefinition onFlag(@Nullable FlagDefinition before, FlagDefinition after) {
        return after;
    }

    /** A flag is archived. */
    default void onFlagRemoval(FlagDefinition flag) {}

    /**
     * A flag is written, created, archived or brought back, and everything else about that is right.
     *
     * @param before what stands; null for a new flag
     * @param change who writes, and by what right
     */
    default void onFlagWrite(@Nullable FlagDefinition before, FlagDefinition after, Change change) {}

    /** A segment is written. */
    default void onSegment(Segment after) {}

    /** A segment is deleted. */
    default void onSegmentRemoval(Segment segment) {}
}
