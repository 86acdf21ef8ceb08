// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** What the parts of the edge share. */
class EdgeBeans {
    /** Name of the module in topics and headers. */
    static final String MODULE = "flag-edge";

    @Produces
    @Singleton
    EdgeSettings settings() {
        return EdgeSettings.configured();
    }

    @Produces
    @Singleton
    @Named(MODULE)
    RecordPublisher publisher() {
        return new RecordPublisher(KafkaSettings.configured(), MODULE);
    }

    void close(@Disposes @Named(MODULE) RecordPublisher publisher) {
        publisher.close();
    }
}
