// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when events are being judged. */
@Readiness
public class WatcherReadiness implements HealthCheck {
    private final Watcher watcher;

    @Inject
    WatcherReadiness(Watcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(Watcher.MODULE)
                .status(watcher.isRunning())
                .build();
    }
}
