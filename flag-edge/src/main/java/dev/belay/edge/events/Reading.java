// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import org.jspecify.annotations.Nullable;

/** What became of one event of a request. */
sealed interface Reading {
    /**
     * An exposure to be written.
     *
     * @param attributed whether it is known which allocation of which rollout it belongs to, or that there is none
     */
    record Exposed(Exposure exposure, boolean attributed) implements Reading {}

    /** An outcome to be written. */
    record Happened(Outcome outcome) implements Reading {}

    /**
     * An event that is not taken in.
     *
     * @param index position in the request, from 0
     * @param field field that is wrong
     * @param rule what it must satisfy
     * @param value what it was; null for nothing
     */
    record Refused(
            int index, String field, String rule, @Nullable Object value) implements Reading {}
}
