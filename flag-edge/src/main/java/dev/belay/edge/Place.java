// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.http.Caller;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The project and environment a request is about.
 *
 * @param project name of the project
 * @param environment name of the environment
 */
public record Place(String project, String environment) {
    /** Header that names the project where the key does not. */
    public static final String PROJECT_HEADER = "X-Belay-Project";

    /** Header that names the environment where the key does not. */
    public static final String ENVIRONMENT_HEADER = "X-Belay-Environment";

    /** @throws IllegalArgumentException if a part is not a name */
    public Place {
        Require.name(project, PROJECT_HEADER);
        Require.name(environment, ENVIRONMENT_HEADER);
    }

    /**
     * Returns the place the key is limited to, or what the headers name.
     *
     * @throws ProblemException 400 if neither names one, 403 if the headers name one that the key may not use
     */
    public static Place of(Caller caller, @Nullable String projectHeader, @Nullable String environmentHeader) {
        String project = required(projectHeader, caller.project(), PROJECT_HEADER);
        String environment = required(environmentHeader, caller.environment(), ENVIRONMENT_HEADER);
        caller.requireAccess(project, environment);
        return new Place(project, environment);
    }

    /**
     * Returns the place a key is limited to, or what the headers name.
     *
     * @throws ProblemException 400 if neither names one, 403 if the headers name one that the key may not use
     */
    public static Place of(ApiKey key, @Nullable String projectHeader, @Nullable String environmentHeader) {
        String project = required(projectHeader, key.project(), PROJECT_HEADER);
        String environment = required(environmentHeader, key.environment(), ENVIRONMENT_HEADER);
        if (!key.allows(Instant.now(), project, environment)) {
            throw ProblemException.forbidden("key " + key.id() + " may not be used there");
        }
        return new Place(project, environment);
    }

    private static String required(@Nullable String header, @Nullable String limit, String field) {
        String found = header == null || header.isBlank() ? limit : header;
        if (found == null) {
            String rule = "is required, because the key is not limited to one";
            throw ProblemException.badRequest(
                    "invalid", field + " " + rule, List.of(new FieldError(field, rule, null)));
        }
        return found;
    }
}
