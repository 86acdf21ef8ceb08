// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Where a document is.
 *
 * @param project name of the project
 * @param environment name of the environment; null for what belongs to a project as a whole
 * @param name name within the two
 */
public record Address(String project, @Nullable String environment, String name) {
    /** @throws IllegalArgumentException if a part is not a name */
    public Address {
        Require.name(project, "project");
        Require.name(name, "name");
        if (environment != null) {
            Require.name(environment, "environment");
        }
    }

    /** Returns the key of its records. */
    public String key() {
        return project + "/" + (environment == null ? "" : environment + "/") + name;
    }
}
