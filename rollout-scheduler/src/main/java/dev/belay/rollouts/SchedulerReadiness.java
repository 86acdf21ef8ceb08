// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when everything the others said before the start has been read. The database may be away. */
@Readiness
@ApplicationScoped
class SchedulerReadiness implements HealthCheck {
    private final FactViews views;

    SchedulerReadiness(FactViews views) {
        this.views = views;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(Scheduler.NAME).status(views.isReady()).build();
    }
}
