// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing.decision;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What became of one thing that was imported.
 *
 * @param kind {@code Flag} or {@code Segment}
 * @param name its name
 * @param document as people write it here; null when it cannot be had here
 * @param refusals why not, each with field, rule and value; empty when it can
 * @param notes what is different here, or was left out
 */
public record Translation(
        String kind, String name, @Nullable ObjectNode document, List<Refusal> refusals, List<String> notes) {
    /**
     * Something that cannot be had here.
     *
     * @param field path in what was imported
     * @param rule what must hold
     * @param value what was found; null when nothing was there
     */
    public record Refusal(
            String field, String rule, @Nullable Object value) {}

    public Translation {
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }
}
