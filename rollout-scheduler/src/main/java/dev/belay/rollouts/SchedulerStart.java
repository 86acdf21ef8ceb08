// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;

import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Starts and stops the threads of the service. */
@ApplicationScoped
class SchedulerStart {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOPICS_FIRST = 10;
    private static final int THREADS_LATER = 100;

    private final FactViews views;
    private final Publication publication;
    private final RolloutTicker ticker;

    SchedulerStart(FactViews views, Publication publication, RolloutTicker ticker) {
        this.views = views;
        this.publication = publication;
        this.ticker = ticker;
    }

    void createTopics(@Observes @Priority(TOPICS_FIRST) StartupEvent event) {
        TopicAdmin.ensureOwned(KafkaSettings.configured(), Scheduler.NAME, PATIENCE);
    }

    void start(@Observes @Priority(THREADS_LATER) StartupEvent event) {
        KafkaSettings settings = KafkaSettings.configured();
        views.start(settings);
        publication.start(settings);
        ticker.start();
    }

    void stop(@Observes ShutdownEvent event) {
        ticker.close();
        publication.close();
        views.close();
    }
}
