// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.List;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of keys. */
@ApplicationScoped
class KeyRows implements PanacheRepositoryBase<KeyRow, String> {

    boolean hasPerson(String login) {
        return count("name = ?1 and person = true and revoked = false", login) > 0;
    }

    /** Returns the keys of that name that nobody took back. */
    List<KeyRow> named(String name) {
        return list("name = ?1 and revoked = false", name);
    }
}
