// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.folding.decision.FoldDecider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Applies rollouts and rollbacks to flags; a repeat changes nothing. */
@ApplicationScoped
class Folding {
    private static final System.Logger LOG = System.getLogger(Folding.class.getName());
    private static final Actor SELF = Actor.service(FlagConfig.SERVICE);

    private final Flags flags;
    private final RolledBackRows rolledBack;
    private final LatestRolloutRows rollouts;

    Folding(Flags flags, RolledBackRows rolledBack, LatestRolloutRows rollouts) {
        this.flags = flags;
        this.rolledBack = rolledBack;
        this.rollouts = rollouts;
    }

    @Transactional
    void take(RolloutState rollout) {
        Optional<FlagDefinition> flag = flags.hold(rollout.ref());
        rollouts.note(rollout);
        Plan plan = rollout.plan();
        if (rollout.status() != RolloutStatus.COMPLETED || plan == null) {
            return;
        }
        if (flag.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a rollout of {0} completed, a flag that is not kept here",
                    rollout.ref());
            return;
        }
        List<String> left = rolledBack.has(rollout.ref(), rollout.epoch())
                ? List.of()
                : plan.treatments().stream()
                        .filter(variant -> !rolledBack.has(rollout.ref(), rollout.epoch(), variant))
                        .toList();
        FoldDecider.complete(flag.get(), rollout.epoch(), left, Instant.now())
                .ifPresent(next -> replace(
                        flag.get(), next, "fold", "rollout " + rollout.epoch() + " completed: " + rollout.reason()));
    }

    @Transactional
    void take(Rollback rollback) {
        String variant = rollback.target().name();
        if (rollback.target().kind() == RollbackTarget.Kind.VARIANT && variant != null) {
            takeOut(rollback, variant);
        }
        if (!rollback.target().equals(RollbackTarget.ALL)) {
            return;
        }
        Optional<FlagDefinition> flag = flags.hold(rollback.ref());
        if (rolledBack.has(rollback.ref(), rollback.epoch())) {
            return;
        }
        rolledBack.add(rollback.ref(), rollback.epoch(), rollback.at());
        flag.flatMap(stands -> FoldDecider.rollBack(stands, rollback.epoch(), Instant.now()))
                .ifPresent(next -> replace(
                        flag.get(),
                        next,
                        "unfold",
                        "rollout " + rollback.epoch() + " was rolled back: " + rollback.reason()));
    }

    private void takeOut(Rollback rollback, String variant) {
        Optional<FlagDefinition> flag = flags.hold(rollback.ref());
        if (rolledBack.has(rollback.ref(), rollback.epoch(), variant)) {
            return;
        }
        rolledBack.add(rollback.ref(), rollback.epoch(), variant, rollback.at());
        flag.flatMap(stands -> FoldDecider.takeOut(stands, rollback.epoch(), variant, Instant.now()))
                .ifPresent(next -> replace(
                        flag.get(),
                        next,
                        "unfold",
                        variant + " of rollout " + rollback.epoch() + " was rolled back: " + rollback.reason()));
    }

    private void replace(FlagDefinition before, FlagDefinition after, String action, String reason) {
        flags.replace(before, after, Change.by(SELF, reason), action);
        LOG.log(System.Logger.Level.INFO, "{0} {1}: {2}", action, after.ref(), reason);
    }
}
