// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.jspecify.annotations.Nullable;

/** The next version of a rollout, said in steps. Everything that is not said stays. */
record Successor(
        RolloutState from,
        RolloutStatus status,
        List<Allocation> allocations,
        @Nullable Instant stageSince,
        @Nullable Instant startsAt,
        @Nullable Plan plan,
        boolean wasAsked) {

    static Successor of(RolloutState from) {
        return new Successor(
                from, from.status(), from.allocations(), from.stageSince(), from.startsAt(), from.plan(), from.asked());
    }

    Successor status(RolloutStatus next) {
        return new Successor(from, next, allocations, stageSince, startsAt, plan, wasAsked);
    }

    /** Enters the allocation's stage: its time begins, and nobody was asked about it yet. */
    Successor enter(Allocation allocation) {
        return new Successor(from, status, plus(allocation), allocation.since(), startsAt, plan, false);
    }

    /** Begins an allocation of the same stage. */
    Successor reallocate(Allocation allocation) {
        return new Successor(from, status, plus(allocation), stageSince, startsAt, plan, wasAsked);
    }

    Successor asked() {
        return new Successor(from, status, allocations, stageSince, startsAt, plan, true);
    }

    Successor startsAt(Instant when) {
        return new Successor(from, status, allocations, stageSince, when, plan, wasAsked);
    }

    Successor plan(Plan next) {
        return new Successor(from, status, allocations, stageSince, startsAt, next, wasAsked);
    }

    /** Writes the next version of a rollout that stays in its status, for the reason it is in it. */
    RolloutState write(Instant now) {
        return write(from.reason(), now);
    }

    RolloutState write(String reason, Instant now) {
        return new RolloutState(
                from.project(),
                from.environment(),
                from.flag(),
                from.epoch(),
                from.version() + 1,
                status,
                plan,
                allocations,
                stageSince,
                status.isLive() || status.isTerminal() ? null : startsAt,
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
