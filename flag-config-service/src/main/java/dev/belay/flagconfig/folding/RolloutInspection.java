// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.flagconfig.documents.Inspection;
import dev.belay.flagconfig.folding.decision.FoldDecider;
import dev.belay.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Keeps edits from pulling the ground from under a rollout, and from bringing a rolled-back one back. It goes by what it
 * heard: a rollout that started this moment may not be known.
 */
@ApplicationScoped
class RolloutInspection implements Inspection {
    private final LatestRolloutRows rollouts;
    private final RolledBackRows rolledBack;

    RolloutInspection(LatestRolloutRows rollouts, RolledBackRows rolledBack) {
        this.rollouts = rollouts;
        this.rolledBack = rolledBack;
    }

    @Override
    public FlagDefinition onFlag(@Nullable FlagDefinition before, FlagDefinition after) {
        Optional<RolloutState> latest = rollouts.of(after.ref());
        latest.filter(rollout -> serves(rollout, after)).ifPresent(rollout -> requireVariants(rollout, after));
        return before == null || latest.isEmpty() ? after : unfolded(before, after, latest.get());
    }

    @Override
    public void onFlagRemoval(FlagDefinition flag) {
        rollouts.of(flag.ref()).filter(rollout -> serves(rollout, flag)).ifPresent(rollout -> {
            throw inUse("flag " + flag.ref() + " cannot go", rollout);
        });
    }

    @Override
    public void onSegmentRemoval(Segment segment) {
        rollouts.of(segment.project()).stream()
                .filter(rollout -> !rollout.status().isTerminal() && !isRolledBack(rollout))
                .filter(rollout -> names(rollout.plan(), segment.segment()))
                .findFirst()
                .ifPresent(rollout -> {
                    throw inUse("segment " + segment.key() + " cannot go", rollout);
                });
    }

    private FlagDefinition unfolded(FlagDefinition before, FlagDefinition after, RolloutState latest) {
        Fold fold = before.fold();
        Plan plan = latest.plan();
        boolean standsBefore = fold != null && fold.epoch() == latest.epoch() && isRolledBack(latest);
        List<String> treatments = plan == null ? List.of() : plan.treatments();
        return !standsBefore
                ? after
                : FoldDecider.edit(before, after, treatments)
                        .orElseThrow(() -> ProblemException.conflict(
                                "rolled-back",
                                "rollout " + latest.epoch() + " of " + after.ref()
                                        + " was rolled back after it had become the default rule: serving "
                                        + String.join(", ", treatments) + " by default again takes a new rollout"));
    }

    private static void requireVariants(RolloutState rollout, FlagDefinition flag) {
        Plan plan = rollout.plan();
        if (plan == null) {
            return;
        }
        Stream.concat(Stream.of(plan.control()), plan.treatments().stream())
                .filter(variant -> flag.variant(variant).isEmpty())
                .findFirst()
                .ifPresent(variant -> {
                    throw inUse("variant " + variant + " of flag " + flag.ref() + " cannot go", rollout);
                });
    }

    /** Returns whether people may get something by this rollout, now or soon. */
    private boolean serves(RolloutState rollout, FlagDefinition flag) {
        boolean isUnfolded = rollout.status() == RolloutStatus.COMPLETED && flag.foldedEpoch() < rollout.epoch();
        return (!rollout.status().isTerminal() || isUnfolded) && !isRolledBack(rollout);
    }

    private boolean isRolledBack(RolloutState rollout) {
        return rolledBack.has(rollout.ref(), rollout.epoch());
    }

    private static boolean names(@Nullable Plan plan, String segment) {
        return plan != null
                && plan.stages().stream()
                        .anyMatch(stage -> segment.equals(stage.to().segment()));
    }

    private static ProblemException inUse(String what, RolloutState rollout) {
        return ProblemException.conflict(
                "in-use",
                what + ": rollout " + rollout.epoch() + " of " + rollout.ref() + " is " + rollout.status()
                        + "; cancel it or take it back first");
    }
}
