// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A rollout as asked for.
 *
 * @param project name of the project; null for the caller's
 * @param name for people; null when there is none
 * @param environment name of the environment
 * @param flag key of the flag
 * @param template the template to start from
 * @param control variant that is compared with
 * @param treatments variants that are raised, at least one, none of them control
 * @param inputs metric by name of the template's input; inputs left out take their default
 * @param startAt when to start; null for at once
 */
public record RolloutDocument(
        @Nullable String project,
        @Nullable String name,
        String environment,
        String flag,
        TemplateReference template,
        String control,
        List<String> treatments,
        Map<String, String> inputs,
        @Nullable Instant startAt)
        implements Document {
    public RolloutDocument {
        treatments = List.copyOf(treatments);
        // In one order, so that equal documents are written equally in every run.
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    @Override
    public Kind kind() {
        return Kind.ROLLOUT;
    }
}
