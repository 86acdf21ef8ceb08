// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import dev.belay.outbox.SchemaStart;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.flywaydb.core.Flyway;

/** Makes the schema, when the database is there: the process starts without it, for rollbacks do not wait for alerts. */
@Singleton
public class NotifierSchema {
    private final SchemaStart schema;

    NotifierSchema(@FlywayDataSource("notifier") Flyway flyway) {
        schema = new SchemaStart(NotifierKafka.SERVICE, flyway::migrate);
    }

    void start(@Observes @Priority(5) StartupEvent event) {
        schema.begin();
    }

    @PreDestroy
    void close() {
        schema.close();
    }
}
