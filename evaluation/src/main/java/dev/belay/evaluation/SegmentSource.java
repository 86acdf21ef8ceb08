// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import org.jspecify.annotations.Nullable;

/** Where segments come from. */
public interface SegmentSource {
    /** Returns a segment of a project; null when it is not known, and then nobody is in it. */
    @Nullable
    KnownSegment segment(String project, String segment);
}
