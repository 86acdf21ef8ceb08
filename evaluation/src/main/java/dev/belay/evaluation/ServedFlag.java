// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.served.Served;
import org.jspecify.annotations.Nullable;

/**
 * What is served for a flag: its definition, refined by its rollout, less what was rolled back.
 *
 * <p>A value of a join-semilattice: of definitions the highest version wins, of rollout states the greatest (epoch,
 * version), and rollbacks only accumulate. So records may arrive in any order and any number of times, and a rollback
 * holds against every state of its epoch, earlier or later.
 *
 * @param ref the flag
 * @param definition what people wrote; null when none is known
 * @param rollout the latest rollout; null when none is known
 * @param out the epochs for which each target is out, at least one
 */
public record ServedFlag(
        FlagRef ref,
        @Nullable FlagDefinition definition,
        @Nullable RolloutState rollout,
        Map<RollbackTarget, SortedSet<Integer>> out) {
    private static final int NEVER = -1;

    public ServedFlag {
        out = Map.copyOf(out);
    }

    /** Returns a flag nothing is known of. */
    public static ServedFlag of(FlagRef ref) {
        return new ServedFlag(ref, null, null, Map.of());
    }

    public ServedFlag onDefinition(FlagDefinition newer) {
        boolean stale = definition != null && definition.version() >= newer.version();
        return stale ? this : new ServedFlag(ref, newer, rollout, out);
    }

    public ServedFlag onRollout(RolloutState newer) {
        boolean stale = rollout != null && compare(rollout, newer) >= 0;
        return stale ? this : new ServedFlag(ref, definition, newer, out);
    }

    public ServedFlag onRollback(Rollback rollback) {
        return without(rollback.target(), rollback.epoch());
    }

    /** Returns this flag with {@code target} out for {@code epoch}. */
    public ServedFlag without(RollbackTarget target, int epoch) {
        SortedSet<Integer> epochs = new TreeSet<>(out.getOrDefault(target, Collections.emptySortedSet()));
        if (!epochs.add(epoch)) {
            return this;
        }
        Map<RollbackTarget, SortedSet<Integer>> more = new HashMap<>(out);
        more.put(target, Collections.unmodifiableSortedSet(epochs));
        return new ServedFlag(ref, definition, rollout, more);
    }

    /** Returns the least flag that knows everything this one and {@code other} know. */
    public ServedFlag join(ServedFlag other) {
        ServedFlag joined = this;
        if (other.definition != null) {
            joined = joined.onDefinition(other.definition);
        }
        if (other.rollout != null) {
            joined = joined.onRollout(other.rollout);
        }
        for (Map.Entry<RollbackTarget, SortedSet<Integer>> each : other.out.entrySet()) {
            for (int epoch : each.getValue()) {
                joined = joined.without(each.getKey(), epoch);
            }
        }
        return joined;
    }

    /** Returns this flag after its definition was deleted. What was rolled back stays so. */
    public ServedFlag withoutDefinition() {
        return new ServedFlag(ref, null, rollout, out);
    }

    /** Returns this flag after the record of its rollout was deleted. What was rolled back stays so. */
    public ServedFlag withoutRollout() {
        return new ServedFlag(ref, definition, null, out);
    }

    /** Returns the epoch that rollbacks must reach to hold: that of the last fold or of the rollout, 0 for neither. */
    public int currentEpoch() {
        return Math.max(foldedEpoch(), rollout == null ? 0 : rollout.epoch());
    }

    /** Returns whether everyone gets the off variant until a new epoch. */
    public boolean isKilled() {
        return isOut(RollbackTarget.KILL);
    }

    /** Returns whether the rollout counts as if it were not there. */
    public boolean isRolledBack() {
        return isOut(RollbackTarget.ALL);
    }

    /** Returns the rollout by whose allocation units are served now. */
    public Optional<RolloutState> inForce() {
        return rollout != null && rollout.status().isLive() && decides(rollout)
                ? Optional.of(rollout)
                : Optional.empty();
    }

    /** Returns the completed rollout that the definition does not contain yet. */
    public Optional<RolloutState> unfolded() {
        return rollout != null && rollout.status() == RolloutStatus.COMPLETED && decides(rollout)
                ? Optional.of(rollout)
                : Optional.empty();
    }

    public ServedVersions versions() {
        int greatest = out.keySet().stream().mapToInt(this::lastOut).max().orElse(NEVER);
        List<String> targets = out.keySet().stream()
                .filter(target -> lastOut(target) == greatest)
                .map(RollbackTarget::text)
                .sorted()
                .toList();
        return new ServedVersions(
                definition == null ? 0 : definition.version(),
                rollout == null ? 0 : rollout.epoch(),
                rollout == null ? 0 : rollout.version(),
                greatest == NEVER ? null : greatest,
                targets);
    }

    /**
     * Returns what an edge says of this flag.
     *
     * @param lastTreatmentAt when it last served a treatment of the rollout; null for never
     * @param at when it began to serve this
     */
    public Served served(String edge, @Nullable Instant lastTreatmentAt, Instant at) {
        ServedVersions versions = versions();
        return new Served(
                edge,
                ref.project(),
                ref.environment(),
                ref.flag(),
                versions.definition(),
                versions.epoch(),
                versions.rollout(),
                versions.out(),
                versions.outEpoch(),
                lastTreatmentAt,
                at);
    }

    boolean isVariantOut(String variant) {
        return isOut(RollbackTarget.variant(variant));
    }

    /** Returns whether the unit belongs to a segment that is out. */
    boolean isSegmentOut(EvaluationContext context) {
        return out.keySet().stream().anyMatch(target -> isOut(target) && isSegmentOf(context, target));
    }

    private static boolean isSegmentOf(EvaluationContext context, RollbackTarget target) {
        String attribute = target.name();
        if (target.kind() != RollbackTarget.Kind.SEGMENT || attribute == null) {
            return false;
        }
        JsonNode value = context.attribute(attribute);
        return value != null && Comparison.text(value).equals(target.value());
    }

    /**
     * Returns the rule that stands when no rollout refines it. What a rollback of the folded epoch takes out is served what
     * stood before the fold, also while a newer rollout is there: that refines this rule, and brings back nobody it does not
     * admit.
     */
    Serve ruleAlone(FlagDefinition of, EvaluationContext context) {
        Fold fold = of.fold();
        if (fold == null || out.isEmpty()) {
            return of.defaultRule();
        }
        boolean hit = out.keySet().stream()
                .filter(target -> isOut(target, fold.epoch()))
                .anyMatch(target -> target.equals(RollbackTarget.ALL)
                        || isSegmentOf(context, target)
                        || of.defaultRule().variants().stream()
                                .anyMatch(variant -> target.equals(RollbackTarget.variant(variant))));
        return hit ? fold.before() : of.defaultRule();
    }

    /** What is out for an epoch nobody has heard of yet is out for the fold, too, until that is heard of. */
    private boolean isOut(RollbackTarget target, int folded) {
        return out.getOrDefault(target, Collections.emptySortedSet()).contains(folded)
                || (folded == currentEpoch() && isOut(target));
    }

    private boolean decides(RolloutState state) {
        return state.epoch() > foldedEpoch() && !isKilled() && !isRolledBack();
    }

    private boolean isOut(RollbackTarget target) {
        return lastOut(target) >= currentEpoch();
    }

    private int lastOut(RollbackTarget target) {
        SortedSet<Integer> epochs = out.get(target);
        return epochs == null ? NEVER : epochs.last();
    }

    private int foldedEpoch() {
        return definition == null ? 0 : definition.foldedEpoch();
    }

    private static int compare(RolloutState left, RolloutState right) {
        int order = Integer.compare(left.epoch(), right.epoch());
        return order == 0 ? Long.compare(left.version(), right.version()) : order;
    }
}
