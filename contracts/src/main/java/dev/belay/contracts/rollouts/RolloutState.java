// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * One rollout of a flag, as rollout-scheduler says it is.
 *
 * <p>Topic {@code belay.rollouts.v1}, keyed by {@code project/environment/flag}; the greatest {@code (epoch, version)}
 * wins.
 *
 * @param project name of the project
 * @param environment name of the environment
 * @param flag key of the flag
 * @param epoch number of the rollout within the flag, from 1
 * @param version rises with every change of this rollout, from 1
 * @param status where it is in its life
 * @param plan what it does; null in RESTORED
 * @param allocations every allocation so far, oldest first; empty before the start and in RESTORED
 * @param stageSince when the present stage was entered; null before the start
 * @param startsAt when a SCHEDULED rollout starts; null otherwise
 * @param asked whether a person was asked about the present stage
 * @param by who started it
 * @param reason why it is in this status, for people
 * @param createdAt when it was created
 * @param updatedAt when this version was written
 */
public record RolloutState(
        String project,
        String environment,
        String flag,
        int epoch,
        long version,
        RolloutStatus status,
        @Nullable Plan plan,
        List<Allocation> allocations,
        @Nullable Instant stageSince,
        @Nullable Instant startsAt,
        boolean asked,
        Actor by,
        String reason,
        Instant createdAt,
        Instant updatedAt) {
    /** @throws IllegalArgumentException if a part is missing, out of range, or does not fit the status */
    public RolloutState {
        new FlagRef(project, environment, flag);
        Require.positive(epoch, "epoch");
        Require.positive(version, "version");
        Require.nonNull(status, "status");
        Require.that(
                (plan == null) == (status == RolloutStatus.RESTORED), "plan", "is absent in RESTORED only", status);
        allocations = allocations == null ? List.of() : List.copyOf(allocations);
        Require.that(
                !(status.isLive() || status == RolloutStatus.COMPLETED) || !allocations.isEmpty(),
                "allocations",
                "must not be empty when " + status,
                allocations);
        Require.nonNull(by, "by");
        Require.nonNull(reason, "reason");
        Require.nonNull(createdAt, "createdAt");
        Require.nonNull(updatedAt, "updatedAt");
    }

    public FlagRef ref() {
        return new FlagRef(project, environment, flag);
    }

    /** Returns {@code project/environment/flag#epoch}, the id of the rollout. */
    @JsonIgnore
    public String id() {
        return ref().key() + "#" + epoch;
    }

    /** Returns the allocation in force, or the last one; empty before the start. */
    @JsonIgnore
    public Optional<Allocation> allocation() {
        return allocations.isEmpty() ? Optional.empty() : Optional.of(allocations.get(allocations.size() - 1));
    }

    /** Returns the allocation with that number, if there was one. */
    public Optional<Allocation> allocation(int number) {
        return allocations.stream()
                .filter(allocation -> allocation.number() == number)
                .findFirst();
    }

    /** Returns the index of the present stage, -1 before the start. */
    @JsonIgnore
    public int stage() {
        return allocation().map(Allocation::stage).orElse(-1);
    }
}
