// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.LinkedHashSet;
import java.util.Set;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.RolloutState;
import jakarta.enterprise.context.ApplicationScoped;

/** Compares rows with their topic, once after every start. */
@ApplicationScoped
class RolloutReconciler {
    private final RolloutDesk desk;
    private final Facts facts;

    RolloutReconciler(RolloutDesk desk, Facts facts) {
        this.desk = desk;
        this.facts = facts;
    }

    /** Mends what differs. Called when the topic has been read; throws while the database is away. */
    void run() {
        Set<FlagRef> flags = new LinkedHashSet<>(facts.flagsWithRollouts());
        desk.latest().stream().map(RolloutState::ref).forEach(flags::add);
        flags.forEach(desk::reconcile);
    }
}
