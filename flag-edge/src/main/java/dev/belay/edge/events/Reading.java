// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import org.jspecify.annotations.Nullable;

/** What became of one event of a request. */
public sealed interface Reading {
    /**
     * An exposure to be written.
     *
     * @param attributed whether it is known which allocation of which rollout it belongs to, or that there is none
     */
    record Exposed(Exposure exposure, boolean attributed) implements Reading {}

    /** An outcome to be written. */
    record Happened(Outcome outcome) implements Reading {}

    /** An event that the same request holds already, word for word: it counts as taken and is written once. */
    record Repeated() implements Reading {}

    /**
     * An event that is not taken in. All four are always said.
     *
     * @param index position among the request's events, from 0; blank lines are none
     * @param field field that is wrong
     * @param rule what it must satisfy
     * @param value what it was; null for nothing
     */
    record Refused(
            int index,
            String field,
            String rule,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Object value) implements Reading {}
}
