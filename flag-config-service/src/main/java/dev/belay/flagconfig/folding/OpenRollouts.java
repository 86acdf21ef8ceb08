// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import dev.belay.contracts.FlagRef;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Which flags are being raised. */
@ApplicationScoped
public class OpenRollouts {
    private final LatestRolloutRows rollouts;

    OpenRollouts(LatestRolloutRows rollouts) {
        this.rollouts = rollouts;
    }

    /** Returns whether the latest rollout of a flag has not ended. */
    @Transactional
    public boolean has(FlagRef flag) {
        return rollouts.of(flag).filter(state -> !state.status().isTerminal()).isPresent();
    }
}
