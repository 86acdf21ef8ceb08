// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import dev.belay.outbox.OutboxPublisher;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Publishes what the notifier has to say for the audit trail. */
@ApplicationScoped
public class NotifierOutbox {
    private final OutboxPublisher publisher;

    NotifierOutbox(@DataSource("notifier") AgroalDataSource database, NotifierKafka kafka) {
        publisher = new OutboxPublisher(database, "notifier", kafka.settings(), NotifierKafka.SERVICE);
    }

    void start(@Observes StartupEvent event) {
        publisher.start();
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
