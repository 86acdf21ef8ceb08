// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.folding.decision;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Weighted;

/**
 * Decides what a flag becomes when its rollout completes or is rolled back. Pure. In whatever order the two arrive, the
 * default rule ends as what stood before the rollout.
 */
public final class FoldDecider {
    private static final double WHOLE = 100;

    private FoldDecider() {}

    /**
     * A rollout completed.
     *
     * @param flag the flag as it stands
     * @param epoch epoch of the rollout
     * @param treatments variants that everyone gets one of now, those that were rolled back left out; empty when the
     *     rollout was, or all of them
     * @return the new version, with the default rule as it stands when the flag no longer has one of the variants; empty when
     *     that epoch or a later one is folded already
     */
    public static Optional<FlagDefinition> complete(
            FlagDefinition flag, int epoch, List<String> treatments, Instant at) {
        if (epoch <= flag.foldedEpoch()) {
            return Optional.empty();
        }
        Serve before = flag.defaultRule();
        boolean isKept = treatments.isEmpty()
                || treatments.stream().anyMatch(variant -> flag.variant(variant).isEmpty());
        Serve after = isKept ? before : inEqualParts(treatments);
        return Optional.of(next(flag, after, new Fold(epoch, before), at));
    }

    /** As the rollout did, by the same hash: of several treatments everyone keeps their own. */
    private static Serve inEqualParts(List<String> treatments) {
        if (treatments.size() == 1) {
            return Serve.one(treatments.get(0));
        }
        double part = WHOLE / treatments.size();
        return Serve.split(
                treatments.stream().map(variant -> new Weighted(variant, part)).toList());
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

    /**
     * One treatment of a rollout was rolled back, for the first time.
     *
     * @param epoch epoch of the rollout
     * @return the new version, in which the others take its place, or what stood before when there is none; empty when the
     *     rollout is not what was folded last, or its default rule does not serve the treatment
     */
    public static Optional<FlagDefinition> takeOut(FlagDefinition flag, int epoch, String variant, Instant at) {
        Fold fold = flag.fold();
        List<String> served = flag.defaultRule().variants();
        if (fold == null || fold.epoch() != epoch || !served.contains(variant)) {
            return Optional.empty();
        }
        List<String> left =
                served.stream().filter(each -> !each.equals(variant)).toList();
        return Optional.of(next(flag, left.isEmpty() ? fold.before() : inEqualParts(left), fold, at));
    }

    /**
     * Somebody edits a flag whose last fold was rolled back, so that what stood before is served: a default rule they write
     * now stands in its place.
     *
     * @param before the flag as it stands
     * @param after the flag as they want it
     * @param treatments what the rollout had raised
     * @return the flag to write; empty when its default rule would serve one of the treatments again
     */
    public static Optional<FlagDefinition> edit(
            FlagDefinition before, FlagDefinition after, Collection<String> treatments) {
        Fold fold = after.fold();
        if (fold == null || after.defaultRule().equals(before.defaultRule())) {
            return Optional.of(after);
        }
        return after.defaultRule().variants().stream().anyMatch(treatments::contains)
                ? Optional.empty()
                : Optional.of(with(
                        after,
                        after.version(),
                        after.defaultRule(),
                        new Fold(fold.epoch(), after.defaultRule()),
                        after.updatedAt()));
    }

    private static FlagDefinition next(FlagDefinition flag, Serve defaultRule, Fold fold, Instant at) {
        return with(flag, flag.version() + 1, defaultRule, fold, at);
    }

    private static FlagDefinition with(FlagDefinition flag, long version, Serve defaultRule, Fold fold, Instant at) {
        return new FlagDefinition(
                flag.project(),
                flag.environment(),
                flag.flag(),
                version,
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
                flag.forced(),
                at);
    }
}
