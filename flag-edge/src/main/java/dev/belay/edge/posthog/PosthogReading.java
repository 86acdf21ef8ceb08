// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;

/** What became of one event. */
sealed interface PosthogReading {
    /**
     * An exposure to be written.
     *
     * @param belonging where it belongs
     */
    record Exposed(Exposure exposure, Belonging belonging) implements PosthogReading {}

    /** Where an exposure belongs. */
    enum Belonging {
        /** To the allocation that gives the unit this variant, or to none while there is no rollout. */
        KNOWN,
        /** The edge would have given another variant. */
        UNATTRIBUTED,
        /** The unit was seen before: who was moved reports again and who was not does not, so it is no fair sample. */
        RETURNING
    }

    /** An outcome to be written. */
    record Happened(Outcome outcome) implements PosthogReading {}

    /** Nothing to write, and nothing wrong. */
    record Ignored(String reason) implements PosthogReading {}

    /**
     * Not taken in.
     *
     * @param reason field and rule, without the value
     */
    record Refused(String reason) implements PosthogReading {}
}
