// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What people agreed about a rollout besides its plan. Kept beside it, and published nowhere: nothing that is served depends
 * on it.
 *
 * @param from index of the stage it starts in, from 0
 * @param pinned name of the stage it is not raised past by itself; null for none
 * @param reviewer who was asked to look at it before it starts; null when nobody was
 * @param authors who asked for it, or loosened it since: they approve nothing of it
 * @param approvals given so far, for the plan as it stands
 * @param locked parts of the plan that its template locks
 */
public record Terms(
        int from,
        @Nullable String pinned,
        @Nullable String reviewer,
        List<Actor> authors,
        List<Approved> approvals,
        List<String> locked) {
    public static final Terms NONE = new Terms(0, null, null, List.of(), List.of(), List.of());

    /** @throws IllegalArgumentException if the stage is negative */
    public Terms {
        Require.notNegative(from, "terms.from");
        authors = authors == null ? List.of() : List.copyOf(authors);
        approvals = approvals == null ? List.of() : List.copyOf(approvals);
        locked = locked == null ? List.of() : List.copyOf(locked);
    }

    /** Returns the terms of a rollout of which nothing else is known than who asked for it. */
    public Terms withAuthor(Actor author) {
        return new Terms(from, pinned, reviewer, List.of(author), approvals, locked);
    }

    /** Returns the terms of a rollout that somebody asks for now. */
    static Terms askedBy(Actor author, int from, List<String> locked) {
        return new Terms(from, null, null, List.of(author), List.of(), locked);
    }

    Terms pinnedAt(@Nullable String stage) {
        return new Terms(from, stage, reviewer, authors, approvals, locked);
    }

    Terms reviewedBy(String name) {
        return new Terms(from, pinned, name, authors, approvals, locked);
    }

    Terms and(Approved approval) {
        List<Approved> all = new ArrayList<>(approvals);
        all.add(approval);
        return new Terms(from, pinned, reviewer, authors, all, locked);
    }

    /** Returns the terms after a tightening: what was agreed to holds for the tighter plan. */
    Terms tightened(String rollout, Plan plan) {
        List<Approved> bound = approvals.stream()
                .map(each -> each.of(ApprovalHash.of(rollout, plan, each.stage())))
                .toList();
        return new Terms(from, pinned, reviewer, authors, bound, locked);
    }

    /** Returns the terms after a loosening: nobody agreed to that, and whoever did it may not. */
    Terms loosened(Actor author) {
        List<Actor> all = new ArrayList<>(authors);
        if (!all.contains(author)) {
            all.add(author);
        }
        return new Terms(from, pinned, reviewer, all, List.of(), locked);
    }

    /** Returns who agreed to what has that hash, each once. */
    List<Actor> agreed(@Nullable String stage, String hash) {
        return approvals.stream()
                .filter(each ->
                        Objects.equals(each.stage(), stage) && each.hash().equals(hash))
                .map(Approved::by)
                .filter(by -> stage != null || by.name().equals(reviewer))
                .distinct()
                .toList();
    }
}
