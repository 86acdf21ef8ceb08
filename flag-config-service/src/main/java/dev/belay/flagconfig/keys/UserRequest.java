// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.Set;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;

/**
 * A user is asked for.
 *
 * @param login name of the person
 * @param role what the person may do
 */
public record UserRequest(String login, Role role) {
    /** @throws IllegalArgumentException if a part is missing */
    public UserRequest {
        Require.name(login, "login");
        Require.nonNull(role, "role");
    }

    KeyRequest key() {
        return new KeyRequest(login, Set.of(Scope.ADMIN), role, null, null, null);
    }
}
