// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import dev.belay.edge.Place;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.ServedVersions;
import org.jspecify.annotations.Nullable;

/**
 * Something is served differently from now on.
 *
 * @param type OFREP's type of event, {@code refetchEvaluation}
 * @param project name of the project
 * @param environment name of the environment; null for all of the project
 * @param flag key of the flag; null when more than one may be served differently
 * @param segment name of the segment that changed; null when none did
 * @param versions what the flag is made of now; null without a flag
 * @param etag id of the event, which an OFREP client sends back when it fetches again; null in what is not sent yet
 */
record Change(
        String type,
        String project,
        @Nullable String environment,
        @Nullable String flag,
        @Nullable String segment,
        @Nullable ServedVersions versions,
        @Nullable String etag) {
    private static final String REFETCH = "refetchEvaluation";

    static Change of(ServedFlag flag) {
        return new Change(
                REFETCH,
                flag.ref().project(),
                flag.ref().environment(),
                flag.ref().flag(),
                null,
                flag.versions(),
                null);
    }

    static Change ofSegment(String project, String segment) {
        return new Change(REFETCH, project, null, null, segment, null, null);
    }

    /** Returns that anything may have changed. */
    static Change ofEverything(Place place) {
        return new Change(REFETCH, place.project(), place.environment(), null, null, null, null);
    }

    Change withTag(String id) {
        return new Change(type, project, environment, flag, segment, versions, id);
    }

    boolean concerns(Place place) {
        return project.equals(place.project()) && (environment == null || environment.equals(place.environment()));
    }
}
