// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the rollouts and flags are known. Without its database the notifier waits, and is ready to. */
@Readiness
@ApplicationScoped
public class NotifierReadiness implements HealthCheck {
    private final NotifierKafka kafka;

    NotifierReadiness(NotifierKafka kafka) {
        this.kafka = kafka;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(NotifierKafka.SERVICE)
                .status(kafka.isCaughtUp())
                .build();
    }
}
