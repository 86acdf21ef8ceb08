// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.time.Instant;

import dev.belay.contracts.FlagRef;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rollbacks that have been seen. */
@ApplicationScoped
class RolledBackRows implements PanacheRepositoryBase<RolledBackRow, String> {

    boolean has(FlagRef flag, int epoch) {
        return findByIdOptional(id(flag, epoch)).isPresent();
    }

    void add(FlagRef flag, int epoch, Instant at) {
        RolledBackRow row = new RolledBackRow();
        row.id = id(flag, epoch);
        row.at = at;
        persist(row);
    }

    private static String id(FlagRef flag, int epoch) {
        return flag.key() + "#" + epoch;
    }
}
