// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the parts of the edge share. */
class EdgeBeans {
    @Produces
    @Singleton
    EdgeSettings settings() {
        return EdgeSettings.configured();
    }
}
