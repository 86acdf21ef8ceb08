// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.jspecify.annotations.Nullable;

/** The next version of a rollout, said in steps. Everything that is not said stays. */
record Successor(
        RolloutState from,
        RolloutStatus status,
        List<Allocation> allocations,
        @Nullable Instant stageSince,
        boolean wasAsked) {

    static Successor of(RolloutState from) {
        return new Successor(from, from.status(), from.allocations(), from.stageSince(), from.asked());
    }

    Successor status(RolloutStatus next) {
        return new Successor(from, next, allocations, stageSince, wasAsked);
    }

    /** Enters the allocation's stage: its time begins, and nobody was asked about it yet. */
    Successor enter(Allocation allocation) {
        return new Successor(from, status, plus(allocation), allocation.since(), false);
    }

    /** Begins an allocation of the same stage. */
    Successor reallocate(Allocation allocation) {
        return new Successor(from, status, plus(allocation), stageSince, wasAsked);
    }

    Successor asked() {
        return new Successor(from, status, allocations, stageSince, true);
    }

    RolloutState write(String reason, Instant now) {
        return new RolloutState(
                from.project(),
                from.environment(),
                from.flag(),
                from.epoch(),
                from.version() + 1,
                status,
                from.plan(),
                allocations,
                stageSince,
                status == RolloutStatus.SCHEDULED ? from.startsAt() : null,
                wasAsked,
                from.by(),
                reason,
                from.createdAt(),
                now);
    }

    private List<Allocation> plus(Allocation allocation) {
        List<Allocation> all = new ArrayList<>(allocations);
        all.add(allocation);
        return all;
    }
}
