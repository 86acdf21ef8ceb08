// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding.decision;

import java.time.Instant;
import java.util.Optional;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Serve;

/**
 * Decides what a flag becomes when its rollout completes or is rolled back. Pure. In whatever order the two arrive, the
 * default rule ends as what stood before the rollout.
 */
public final class FoldDecider {
    private FoldDecider() {}

    /**
     * A rollout completed.
     *
     * @param flag the flag as it stands
     * @param epoch epoch of the rollout
     * @param treatment variant that everyone gets now
     * @param isRolledBack whether the rollout has been rolled back as a whole
     * @return the new version; empty when that epoch or a later one is folded already
     * @throws IllegalArgumentException if the flag no longer has the variant
     */
    public static Optional<FlagDefinition> complete(
            FlagDefinition flag, int epoch, String treatment, boolean isRolledBack, Instant at) {
        if (epoch <= flag.foldedEpoch()) {
            return Optional.empty();
        }
        Serve before = flag.defaultRule();
        Serve after = isRolledBack ? before : Serve.one(treatment);
        return Optional.of(next(flag, after, new Fold(epoch, before), at));
    }

    /**
     * A rollout was rolled back as a whole, for the first time.
     *
     * @param epoch epoch of the rollout
     * @return the new version; empty when the rollout is not what was folded last, or the rule stands already
     */
    public static Optional<FlagDefinition> rollBack(FlagDefinition flag, int epoch, Instant at) {
        Fold fold = flag.fold();
        if (fold == null || fold.epoch() != epoch || fold.before().equals(flag.defaultRule())) {
            return Optional.empty();
        }
        return Optional.of(next(flag, fold.before(), fold, at));
    }

    private static FlagDefinition next(FlagDefinition flag, Serve defaultRule, Fold fold, Instant at) {
        return new FlagDefinition(
                flag.project(),
                flag.environment(),
                flag.flag(),
                flag.version() + 1,
                flag.title(),
                flag.owner(),
                flag.tags(),
                flag.type(),
                flag.enabled(),
                flag.archived(),
                flag.variants(),
                flag.offVariant(),
                defaultRule,
                flag.rules(),
                flag.prerequisites(),
                flag.optIn(),
                flag.holdout(),
                flag.bucketBy(),
                flag.exposeOn(),
                flag.schema(),
                fold,
                at);
    }
}
