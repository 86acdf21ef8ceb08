// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import dev.belay.http.KeyDirectory;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once keys are known. A database that is away makes requests fail, not the process unready. */
@Readiness
class FlagConfigReadiness implements HealthCheck {
    private final KeyDirectory keys;

    FlagConfigReadiness(KeyDirectory keys) {
        this.keys = keys;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(FlagConfig.SERVICE)
                .status(keys.isReady())
                .build();
    }
}
