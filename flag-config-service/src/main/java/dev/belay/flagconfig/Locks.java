// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

/** Locks by name that end with the transaction; they also hold for things that do not exist yet. */
@ApplicationScoped
public class Locks {
    private final EntityManager entities;

    Locks(@PersistenceUnit(FlagConfig.UNIT) EntityManager entities) {
        this.entities = entities;
    }

    /** Waits until the present transaction holds the lock. */
    public void hold(String name) {
        entities.createNativeQuery(
                        "select cast(pg_advisory_xact_lock(hashtextextended(:name, 0)) as varchar)", String.class)
                .setParameter("name", name)
                .getSingleResult();
    }
}
