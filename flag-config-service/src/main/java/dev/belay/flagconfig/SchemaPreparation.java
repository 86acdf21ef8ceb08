// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import dev.belay.outbox.SchemaStart;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import org.flywaydb.core.Flyway;

/** Migrates at the start, or as soon as the database answers, and tells who waits for it. */
@ApplicationScoped
class SchemaPreparation {
    private final SchemaStart start;

    SchemaPreparation(@FlywayDataSource(FlagConfig.UNIT) Flyway flyway, Event<SchemaReady> ready) {
        this.start = new SchemaStart(FlagConfig.SERVICE, () -> {
            flyway.migrate();
            ready.fire(new SchemaReady());
        });
    }

    void begin(@Observes @Priority(15) StartupEvent event) {
        start.begin();
    }

    void stop(@Observes ShutdownEvent event) {
        start.close();
    }
}
