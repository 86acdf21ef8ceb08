// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;

import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import dev.belay.outbox.SchemaStart;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.flywaydb.core.Flyway;

/** Starts and stops the threads of the service. */
@ApplicationScoped
class SchedulerStart {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOPICS_FIRST = 10;
    private static final int THEN_TABLES = 15;
    private static final int THREADS_LATER = 100;

    private final FactViews views;
    private final Publication publication;
    private final RolloutTicker ticker;
    private final SchemaStart schema;

    SchedulerStart(
            FactViews views,
            Publication publication,
            RolloutTicker ticker,
            @FlywayDataSource(Scheduler.NAME) Flyway flyway) {
        this.views = views;
        this.publication = publication;
        this.ticker = ticker;
        this.schema = new SchemaStart(Scheduler.NAME, flyway::migrate);
    }

    void createTopics(@Observes @Priority(TOPICS_FIRST) StartupEvent event) {
        TopicAdmin.ensureOwned(KafkaSettings.configured(), Scheduler.NAME, PATIENCE);
    }

    void makeTables(@Observes @Priority(THEN_TABLES) StartupEvent event) {
        schema.begin();
    }

    void start(@Observes @Priority(THREADS_LATER) StartupEvent event) {
        KafkaSettings settings = KafkaSettings.configured();
        views.start(settings);
        publication.start(settings);
        ticker.start();
    }

    void stop(@Observes ShutdownEvent event) {
        schema.close();
        ticker.close();
        publication.close();
        views.close();
    }
}
