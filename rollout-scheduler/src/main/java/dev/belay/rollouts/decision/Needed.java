// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.Actor;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import org.jspecify.annotations.Nullable;

/**
 * An approval that a rollout needs before it goes further.
 *
 * @param stage name of the stage that may not be entered without it; null for the rollout as a whole
 * @param by role it takes, for instance {@code releaser}; for a review the name of who was asked
 * @param count how many people
 * @param given who agreed
 * @param hash what to approve: whoever agrees names it, so that nobody agrees to what they have not seen
 */
public record Needed(@Nullable String stage, String by, int count, List<Actor> given, String hash) {

    /** Copies the list. */
    public Needed {
        given = List.copyOf(given);
    }

    /** Returns every approval the rollout needs from here on, given or not. */
    static List<Needed> of(RolloutState rollout, Terms terms) {
        Plan plan = rollout.plan();
        if (plan == null || rollout.status().isTerminal()) {
            return List.of();
        }
        List<Needed> all = new ArrayList<>();
        if (terms.reviewer() != null && rollout.stage() < 0) {
            String hash = ApprovalHash.of(rollout.id(), plan, null);
            all.add(new Needed(null, terms.reviewer(), 1, terms.agreed(null, hash), hash));
        }
        for (int i = rollout.stage() + 1; i < plan.stages().size(); i++) {
            Approval approval = plan.stages().get(i).approval();
            if (approval != null) {
                String stage = plan.stages().get(i).name();
                String hash = ApprovalHash.of(rollout.id(), plan, stage);
                all.add(new Needed(stage, approval.by(), approval.count(), terms.agreed(stage, hash), hash));
            }
        }
        return List.copyOf(all);
    }

    /**
     * Returns what is missing before a stage may be entered: also what the stages need that are passed over on the way.
     *
     * @param stage index of the stage
     */
    static List<Needed> missing(RolloutState rollout, Terms terms, int stage) {
        Plan plan = rollout.plan();
        if (plan == null) {
            return List.of();
        }
        List<String> entered = plan
                .stages()
                .subList(0, Math.min(stage + 1, plan.stages().size()))
                .stream()
                .map(each -> each.name())
                .toList();
        return of(rollout, terms).stream()
                .filter(needed -> needed.stage() == null || entered.contains(needed.stage()))
                .filter(needed -> !needed.isGiven())
                .toList();
    }

    boolean isGiven() {
        return given.size() >= count;
    }

    /** Returns for instance {@code stage half needs 2 approvals by releaser, has 1 (ann)}. */
    String sentence() {
        String what = stage == null ? "the rollout" : "stage " + stage;
        String need = stage == null ? "the approval of " + by : plural(count) + " by " + by;
        String names = given.isEmpty()
                ? ""
                : " (" + String.join(", ", given.stream().map(Actor::name).toList()) + ")";
        return what + " needs " + need + ", has " + given.size() + names;
    }

    private static String plural(int number) {
        return number == 1 ? "an approval" : number + " approvals";
    }
}
