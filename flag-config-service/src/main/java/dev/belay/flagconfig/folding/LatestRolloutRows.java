// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.util.List;
import java.util.Optional;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The latest rollouts. */
@ApplicationScoped
class LatestRolloutRows implements PanacheRepositoryBase<LatestRolloutRow, String> {

    /** Keeps a state unless a later one is known; the caller holds the flag's lock. */
    void note(RolloutState state) {
        LatestRolloutRow known = findById(state.ref().key());
        if (known != null
                && (known.epoch > state.epoch()
                        || (known.epoch == state.epoch() && known.version >= state.version()))) {
            return;
        }
        LatestRolloutRow row = known == null ? new LatestRolloutRow() : known;
        row.flagKey = state.ref().key();
        row.project = state.project();
        row.epoch = state.epoch();
        row.version = state.version();
        row.state = Json.write(state);
        persist(row);
    }

    Optional<RolloutState> of(FlagRef flag) {
        return findByIdOptional(flag.key()).map(LatestRolloutRows::state);
    }

    List<RolloutState> of(String project) {
        return list("project", project).stream().map(LatestRolloutRows::state).toList();
    }

    private static RolloutState state(LatestRolloutRow row) {
        return Json.read(row.state, RolloutState.class);
    }
}
