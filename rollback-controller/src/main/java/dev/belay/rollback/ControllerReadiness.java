// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the past has been read: only then can a person's rollback name the present epoch. */
@Readiness
@ApplicationScoped
public class ControllerReadiness implements HealthCheck {
    private final ControllerViews views;

    ControllerReadiness(ControllerViews views) {
        this.views = views;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(ControllerRecords.SERVICE)
                .status(views.areCaughtUp())
                .build();
    }
}
