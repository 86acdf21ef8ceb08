// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.time.Duration;

import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Creates the topics of the service before anything else of it runs. */
@ApplicationScoped
class OwnTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    void ensure(@Observes @Priority(10) StartupEvent event) {
        TopicAdmin.ensureOwned(KafkaSettings.configured(), FlagConfig.SERVICE, PATIENCE);
    }
}
