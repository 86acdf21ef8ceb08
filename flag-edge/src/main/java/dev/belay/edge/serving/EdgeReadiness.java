// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import dev.belay.http.KeyDirectory;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The edge is ready when it has read flags, segments, rollouts, rollbacks and keys to the ends they had at its start. */
@Readiness
public class EdgeReadiness implements HealthCheck {
    private final Serving serving;
    private final KeyDirectory keys;

    EdgeReadiness(Serving serving, KeyDirectory keys) {
        this.serving = serving;
        this.keys = keys;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("flag-edge")
                .status(serving.isSettled() && keys.isReady())
                .withData("serving", serving.isServing())
                .build();
    }
}
