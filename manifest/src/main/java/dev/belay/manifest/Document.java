// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import org.jspecify.annotations.Nullable;

/** A checked document. Version and time are given by the service that keeps it. */
public sealed interface Document
        permits FlagDocument, SegmentDocument, MetricDocument, TemplateDocument, RolloutDocument, ChannelDocument {
    /** Returns what it describes. */
    Kind kind();

    /** Returns the project it belongs to; null only for a rollout that leaves it to the caller. */
    @Nullable
    String project();

    /** Returns its name; null only for a rollout, which is found by its flag. */
    @Nullable
    String name();
}
