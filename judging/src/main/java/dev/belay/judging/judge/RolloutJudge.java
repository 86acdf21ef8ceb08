// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.statistics.Heterogeneity;
import org.jspecify.annotations.Nullable;

/**
 * Judges a rollout by its blocks (statistics.md §4 and §5).
 *
 * <p>Pure: no clock, no I/O. Evidence, gates and estimates are a function of the blocks in the order of their numbers, bit
 * for bit; a snapshot restored changes nothing. Not thread-safe.
 */
public final class RolloutJudge {
    private final List<Guardrail> compared;
    private final double logHealthyLimit;
    private final Map<String, VariantJudge> variants = new TreeMap<>();
    private final Set<String> changedSegments = new TreeSet<>();
    private int stage;

    /**
     * State of a judge, to be stored between blocks.
     *
     * @param stage index of the present stage
     * @param variants state per treatment
     */
    public record State(int stage, Map<String, VariantJudge.State> variants) {}

    /**
     * State of a segment, stored apart because there may be many and a block changes few.
     *
     * @param variants state per treatment
     */
    public record SegmentState(Map<String, VariantJudge.SegmentState> variants) {}

    private RolloutJudge(Plan plan) {
        this.compared =
                plan.guardrails().stream().filter(each -> isJudged(plan, each)).toList();
        this.logHealthyLimit = -StrictMath.log(plan.beta());
    }

    /** Returns a judge that has seen nothing. */
    public static RolloutJudge start(Plan plan) {
        RolloutJudge judge = new RolloutJudge(plan);
        plan.treatments().forEach(variant -> judge.variants.put(variant, VariantJudge.start(plan, judge.compared)));
        return judge;
    }

    /** Returns the judge as it was when the snapshot was taken. */
    public static RolloutJudge restore(Plan plan, State state) {
        RolloutJudge judge = start(plan);
        judge.stage = state.stage();
        state.variants()
                .forEach((variant, stored) ->
                        judge.variants.put(variant, VariantJudge.restore(plan, judge.compared, stored)));
        return judge;
    }

    public State snapshot() {
        Map<String, VariantJudge.State> all = new TreeMap<>();
        variants.forEach((variant, judge) -> all.put(variant, judge.snapshot()));
        return new State(stage, all);
    }

    /** Returns the segments that are judged for a treatment, in the order they came. */
    public List<String> segments(String variant) {
        return List.copyOf(of(variant).segments());
    }

    /** Returns the segments whose state changed since the last call. */
    public Set<String> takeChangedSegments() {
        Set<String> all = new TreeSet<>(changedSegments);
        changedSegments.clear();
        return all;
    }

    /** Returns the state of a segment. */
    public SegmentState snapshot(String segment) {
        Map<String, VariantJudge.SegmentState> all = new TreeMap<>();
        variants.forEach((variant, judge) -> {
            VariantJudge.SegmentState state = judge.snapshot(segment);
            if (state != null) {
                all.put(variant, state);
            }
        });
        return new SegmentState(all);
    }

    /** Puts back what {@link #snapshot(String)} returned; segments in the order of their ranks. */
    public void restore(String segment, SegmentState state) {
        state.variants().forEach((variant, its) -> of(variant).restore(segment, its));
    }

    /** Returns the guardrails that are judged, in the plan's order: those that are compared and can be computed. */
    public List<Guardrail> guardrails() {
        return compared;
    }

    public int stage() {
        return stage;
    }

    /** Starts a stage: its own evidence begins at nothing. Going back, or to the present stage, changes nothing. */
    public void enter(int next) {
        if (next > stage) {
            stage = next;
            variants.values().forEach(VariantJudge::enterStage);
            variants.values().forEach(each -> changedSegments.addAll(each.segments()));
        }
    }

    /** The rollout is finished: from now on changes are watched for. Again, it changes nothing. */
    public void finish() {
        variants.values().forEach(VariantJudge::finish);
        variants.values().forEach(each -> changedSegments.addAll(each.segments()));
    }

    /** Returns what has changed since the last call in a finished rollout. It proves nothing, and takes nothing back. */
    public List<Change> takeChanges() {
        return variants.values().stream()
                .flatMap(each -> each.takeChanges().stream())
                .toList();
    }

    /**
     * Takes in a block; one of a later stage starts that stage.
     *
     * @throws IllegalArgumentException if its variant is not one of the plan's treatments
     */
    public void apply(Block block) {
        VariantJudge judge = Require.nonNull(variants.get(block.variant()), "block.variant");
        enter(block.stage());
        judge.apply(block, block.stage() == stage);
        String segment = block.segment();
        if (segment != null && judge.segments().contains(segment)) {
            changedSegments.add(segment);
        }
    }

    /** Returns whether there was a block of that stratum. */
    public boolean hasSeen(StratumId stratum) {
        return variants.values().stream().anyMatch(each -> each.hasSeen(stratum));
    }

    /** Returns whether a block says anything that earlier ones did not. */
    public boolean isNews(Block block) {
        return of(block.variant()).isNews(block);
    }

    /**
     * Returns what is proven against a treatment now: for each thing a breach can do, the cause of what all prove together
     * first, then what others prove alone. The caller latches it.
     */
    public List<Breach> breaches(String variant) {
        return of(variant).breaches(stage);
    }

    /** Returns where a guardrail stands among everyone. */
    public Standing standing(String variant, String guardrail) {
        return standing(variant, guardrail, null);
    }

    /** Returns where a guardrail stands in a segment; null for everyone. */
    public Standing standing(String variant, String guardrail, @Nullable String segment) {
        return of(variant).standing(guardrail, segment, stage);
    }

    /**
     * Returns why a guardrail's comparison is not to be trusted, or is close to proving harm, as far as blocks tell: all
     * reasons but those of the clock.
     */
    public List<Reason> doubts(String variant, String guardrail, Shares shares) {
        return doubts(variant, guardrail, null, shares);
    }

    /** Returns the same for a segment; null for everyone. */
    public List<Reason> doubts(String variant, String guardrail, @Nullable String segment, Shares shares) {
        return of(variant).doubts(guardrail, segment, stage, shares);
    }

    /** Returns how units are split between control and a treatment, with the evidence that it is not as the clauses say. */
    public Split split(String variant, Shares shares) {
        return of(variant).split(shares);
    }

    /** Returns units of control and a treatment that are compared, over all strata. */
    public long units(String variant) {
        return of(variant).units();
    }

    /** Returns how a segment differs from the rest of its dimension; null when it is not known to. */
    public Heterogeneity.@Nullable Comparison difference(String variant, Guardrail guardrail, String segment) {
        return of(variant).difference(guardrail, segment);
    }

    /** Returns what is seen of a metric besides the comparison. */
    public MetricWatch watch(String variant, String metric) {
        return of(variant).watch(metric);
    }

    /**
     * Returns the units exposed in the present stage over its compared strata: control, treatment. When the stage had several
     * allocations, those of the one with most, because a unit may have been seen in all of them.
     */
    public long[] exposedInStage(String variant) {
        return of(variant).exposedInStage(stage);
    }

    /** Returns what evidence of harm must reach. */
    public double logLimit(String variant) {
        return of(variant).logLimit();
    }

    /** Returns what evidence of health must reach. */
    public double logHealthyLimit() {
        return logHealthyLimit;
    }

    /** A guardrail with numbers that no test can be made of is one that cannot be computed; the others go on. */
    private static boolean isJudged(Plan plan, Guardrail guardrail) {
        if (!ComparedPlan.isCompared(guardrail, plan.metric(guardrail.metric()).orElseThrow())) {
            return false;
        }
        try {
            new ScopeJudge(plan, List.of(guardrail), null, any -> Weight.ofEveryone(plan, 1), null);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private VariantJudge of(String variant) {
        return Require.nonNull(variants.get(variant), "variant");
    }
}
