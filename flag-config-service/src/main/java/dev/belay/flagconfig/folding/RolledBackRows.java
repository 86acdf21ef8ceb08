// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.time.Instant;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollbacks.RollbackTarget;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rollbacks that have been seen. */
@ApplicationScoped
class RolledBackRows implements PanacheRepositoryBase<RolledBackRow, String> {

    boolean has(FlagRef flag, int epoch) {
        return findByIdOptional(id(flag, epoch)).isPresent();
    }

    void add(FlagRef flag, int epoch, Instant at) {
        add(id(flag, epoch), at);
    }

    /** Returns whether one treatment of the rollout was rolled back. */
    boolean has(FlagRef flag, int epoch, String variant) {
        return findByIdOptional(id(flag, epoch, variant)).isPresent();
    }

    void add(FlagRef flag, int epoch, String variant, Instant at) {
        add(id(flag, epoch, variant), at);
    }

    private void add(String id, Instant at) {
        RolledBackRow row = new RolledBackRow();
        row.id = id;
        row.at = at;
        persist(row);
    }

    private static String id(FlagRef flag, int epoch) {
        return flag.key() + "#" + epoch;
    }

    private static String id(FlagRef flag, int epoch, String variant) {
        return id(flag, epoch) + "#" + RollbackTarget.variant(variant).text();
    }
}
