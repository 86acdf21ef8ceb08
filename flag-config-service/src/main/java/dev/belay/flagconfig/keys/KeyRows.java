// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of keys. */
@ApplicationScoped
class KeyRows implements PanacheRepositoryBase<KeyRow, String> {

    boolean hasPerson(String login) {
        return count("name = ?1 and person = true and revoked = false", login) > 0;
    }
}
