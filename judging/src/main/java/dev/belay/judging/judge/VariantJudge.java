// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.belay.contracts.Require;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Segments;
import dev.belay.statistics.ChangeDetector;
import dev.belay.statistics.Combination;
import dev.belay.statistics.DataQuality;
import dev.belay.statistics.Heterogeneity;
import dev.belay.statistics.Member;
import dev.belay.statistics.SampleRatioMismatch;
import dev.belay.statistics.SplitCount;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/** Everything that is known about one treatment. */
final class VariantJudge {
    /** Probability that any segment of a dimension is ever called different although none is. */
    private static final double DIFFERENT_ALPHA = 0.05;
    /** Time in which one false alarm of a change is expected, of everything that is watched together. */
    private static final double DAYS_PER_FALSE_ALARM = 30;
    /** Of a finished rollout a stratum's block takes a minute. */
    private static final double BLOCK_SECONDS = 60;

    private final Plan plan;
    private final List<Guardrail> compared;
    private final double alpha;
    private final ScopeJudge everyone;
    private final Map<String, SegmentJudge> segments = new LinkedHashMap<>();
    private final Map<String, MetricWatch> watches = new TreeMap<>();
    private long bothArms;
    /** What was asked for since the last block. */
    private final Map<Guardrail.Then, Combination> combined = new HashMap<>();

    private final List<Change> changes = new ArrayList<>();
    private @Nullable Looked looked;

    private record Looked(Shares shares, Split split) {}

    /**
     * State of a treatment.
     *
     * @param guardrails one per guardrail that is compared
     * @param strata all strata with a block
     * @param watches what is seen of each metric; null in states of before it was
     * @param bothArms units seen in several arms
     * @param values one per guardrail whose values are compared; null in states of before there were
     */
    record State(
            List<GuardrailJudge.State> guardrails,
            List<StratumTotals> strata,
            @Nullable Map<String, MetricWatch> watches,
            @Nullable Long bothArms,
            @Nullable List<ValueJudge.State> values) {}

    /** A segment and how many of its dimension had come with it. */
    private record SegmentJudge(int rank, ScopeJudge scope) {}

    /**
     * State of a segment.
     *
     * @param rank how many segments of its dimension had come with it
     * @param scope its processes and counts
     */
    record SegmentState(int rank, ScopeJudge.State scope) {}

    private VariantJudge(Plan plan, List<Guardrail> compared, ScopeJudge.@Nullable State state) {
        this.plan = plan;
        this.compared = compared;
        this.alpha = plan.alpha() / plan.treatments().size();
        this.everyone =
                new ScopeJudge(plan, compared, null, guardrail -> Weight.ofEveryone(plan, sharing(guardrail)), state);
    }

    static VariantJudge start(Plan plan, List<Guardrail> compared) {
        return new VariantJudge(plan, compared, null);
    }

    static VariantJudge restore(Plan plan, List<Guardrail> compared, State state) {
        VariantJudge judge = new VariantJudge(
                plan, compared, new ScopeJudge.State(state.guardrails(), state.strata(), state.values()));
        judge.watches.putAll(state.watches() == null ? Map.of() : state.watches());
        judge.bothArms = state.bothArms() == null ? 0 : state.bothArms();
        return judge;
    }

    State snapshot() {
        ScopeJudge.State state = everyone.snapshot();
        return new State(state.guardrails(), state.strata(), new TreeMap<>(watches), bothArms, state.values());
    }

    /** Returns the segments that are judged, in the order they came. */
    Collection<String> segments() {
        return segments.keySet();
    }

    /** Returns the state of a segment; null for one that is not judged. */
    @Nullable
    SegmentState snapshot(String segment) {
        SegmentJudge found = segments.get(segment);
        return found == null
                ? null
                : new SegmentState(found.rank(), found.scope().snapshot());
    }

    void restore(String segment, SegmentState state) {
        segments.put(segment, segment(segment, state.rank(), state.scope()));
    }

    private SegmentJudge segment(String segment, int rank, ScopeJudge.@Nullable State state) {
        ScopeJudge scope = new ScopeJudge(
                plan, compared, segment, guardrail -> Weight.ofSegment(plan, sharing(guardrail), rank), state);
        return new SegmentJudge(rank, scope);
    }

    void enterStage() {
        combined.clear();
        everyone.enterStage();
        segments.values().forEach(each -> each.scope().enterStage());
        watches.replaceAll((metric, watch) -> watch.enterStage());
    }

    boolean hasSeen(StratumId stratum) {
        ScopeJudge scope = known(stratum.segment());
        return scope != null && scope.hasSeen(stratum);
    }

    boolean isNews(Block block) {
        ScopeJudge scope = known(block.segment());
        boolean isNews = scope == null || scope.isNews(block);
        return isNews || (block.segment() == null && bothArmsOf(block) != bothArms);
    }

    void apply(Block block, boolean inStage) {
        combined.clear();
        String segment = block.segment();
        if (segment != null) {
            scopeOf(segment).ifPresent(scope -> {
                scope.apply(block, inStage);
                noteChanges(scope, block.variant());
            });
            return;
        }
        looked = null;
        StratumTotals before = everyone.apply(block, inStage);
        bothArms = bothArmsOf(block);
        for (MetricCounts each : block.metrics()) {
            long growth = each.isFinal()
                    ? each.cohortControl()
                    : each.cohortControl() - before.metric(each.metric()).cohortControl();
            long joined = each.isFinal() ? growth : block.newControl();
            watches.put(each.metric(), watch(each.metric()).after(each, joined, growth, inStage));
        }
        noteChanges(everyone, block.variant());
    }

    /** Begins to watch for changes, in all scopes there are and will be. */
    void finish() {
        everyone.finish();
        segments.values().forEach(each -> each.scope().finish());
    }

    /** Returns what has changed since the last call. */
    List<Change> takeChanges() {
        List<Change> all = List.copyOf(changes);
        changes.clear();
        return all;
    }

    private void noteChanges(ScopeJudge scope, String variant) {
        if (!scope.isFinished()) {
            return;
        }
        int detectors = plan.treatments().size() * compared.size() * (1 + segments.size());
        double blockSeconds = BLOCK_SECONDS / Math.max(1, everyone.strata().size());
        double limit = ChangeDetector.logLimit(DAYS_PER_FALSE_ALARM, blockSeconds, detectors);
        scope.takeAlarms(limit)
                .forEach((guardrail, alarm) -> changes.add(
                        new Change(variant, guardrail, scope.segment(), alarm.usual(), alarm.logEvidence(), limit)));
    }

    /** One that comes when all places of its dimension are taken, or of a dimension that is not watched, is not judged. */
    private Optional<ScopeJudge> scopeOf(String segment) {
        SegmentJudge found = segments.get(segment);
        if (found == null) {
            String dimension = Segments.dimension(segment);
            int rank = 1
                    + (int) segments.keySet().stream()
                            .filter(each -> Segments.dimension(each).equals(dimension))
                            .count();
            if (rank > SegmentWeights.MOST || !plan.watchBy().contains(dimension)) {
                return Optional.empty();
            }
            found = segment(segment, rank, null);
            segments.put(segment, found);
            if (everyone.isFinished()) {
                found.scope().finish();
            }
        }
        return Optional.of(found.scope());
    }

    private @Nullable ScopeJudge known(@Nullable String segment) {
        if (segment == null) {
            return everyone;
        }
        SegmentJudge found = segments.get(segment);
        return found == null ? null : found.scope();
    }

    private ScopeJudge scope(@Nullable String segment) {
        return Require.nonNull(known(segment), "segment");
    }

    MetricWatch watch(String metric) {
        return watches.getOrDefault(metric, MetricWatch.START);
    }

    /** Returns why the comparison is not to be trusted, as far as blocks tell. */
    List<Reason> doubts(String guardrail, @Nullable String segment, int stage, Shares shares) {
        Standing standing = standing(guardrail, segment, stage);
        Counts control = everyone.numbers(standing.guardrail()).control();
        MetricWatch watch = watch(standing.guardrail().metric());
        boolean silent = isSilent(control, watch);
        List<Reason> all = new ArrayList<>();
        if (isMismatched(shares)) {
            all.add(Reason.SAMPLE_RATIO_MISMATCH);
        }
        if (DataQuality.pure(bothArms, units()).isDoubt()) {
            all.add(Reason.CONTAMINATED);
        }
        if (watch.hasLateArm()) {
            all.add(Reason.LATENESS);
        }
        if (silent) {
            all.add(Reason.METRIC_SILENT);
        }
        if (!silent
                && standing.guardrail().limit() == Guardrail.Limit.FALLS
                && watch.control().fell()) {
            all.add(Reason.CONTROL_FELL);
        }
        if (watch.joins().isBroken()) {
            all.add(Reason.NOT_JOINED);
        }
        if (standing.isWarning()) {
            all.add(Reason.WARNING);
        }
        return all;
    }

    private static boolean isSilent(Counts control, MetricWatch watch) {
        double rate = control.exposed() == 0 ? 0 : (double) control.events() / control.exposed();
        return DataQuality.audible(rate, watch.silentUnits(), 0).isDoubt();
    }

    private boolean isMismatched(Shares shares) {
        return DataQuality.sampleRatio(split(shares).logEvidence()).isDoubt();
    }

    /** Returns units that are compared, of all strata. */
    long units() {
        return everyone.strata().stream()
                .mapToLong(each -> each.control() + each.treatment())
                .sum();
    }

    /** Blocks of before it was noted say nothing about it. */
    private long bothArmsOf(Block block) {
        Long noted = block.bothArms();
        return noted == null ? bothArms : noted;
    }

    /**
     * Returns what the evidence proves: for each thing that a breach can do, the guardrail and segment with the largest part
     * in what all prove together, and every other that proves it alone, so that one that was proven long ago hides none.
     */
    List<Breach> breaches(int stage) {
        List<Breach> all = new ArrayList<>();
        for (Guardrail.Then then : Guardrail.Then.values()) {
            List<Owned> members = members(then, stage);
            Combination together = combine(members);
            if (together.breach()) {
                Owned cause = members.get(together.cause());
                all.add(breach(cause, together, stage));
                alone(members, cause, stage, all);
            }
        }
        return all;
    }

    private void alone(List<Owned> members, Owned cause, int stage, List<Breach> all) {
        Map<String, List<Owned>> byOwner = new LinkedHashMap<>();
        members.forEach(each ->
                byOwner.computeIfAbsent(each.owner(), any -> new ArrayList<>()).add(each));
        byOwner.remove(cause.owner());
        for (List<Owned> own : byOwner.values()) {
            Combination combination = combine(own);
            if (combination.breach()) {
                all.add(breach(own.get(combination.cause()), combination, stage));
            }
        }
    }

    private Breach breach(Owned cause, Combination of, int stage) {
        Member member = cause.scoped().member();
        ScopeJudge.Numbers numbers =
                cause.scope().numbers(cause.guardrail(), cause.scoped().ofStage(), stage);
        double latched = StrictMath.log(member.weight()) + member.logSup();
        return new Breach(
                cause.guardrail().name(),
                cause.scope().segment(),
                numbers.control(),
                numbers.treatment(),
                numbers.estimate(),
                Math.max(of.total(), latched));
    }

    Standing standing(String guardrail, @Nullable String segment, int stage) {
        Guardrail its = compared.stream()
                .filter(each -> each.name().equals(guardrail))
                .findFirst()
                .orElseThrow();
        ScopeJudge scope = scope(segment);
        ScopeJudge.Numbers numbers = scope.numbers(its);
        List<Judged.Scoped> own = scope.members(its, stage);
        return new Standing(
                its,
                segment,
                numbers.control(),
                numbers.treatment(),
                numbers.strata(),
                numbers.estimate(),
                own.stream().map(ScopeJudge::evidence).toList(),
                logSum(own),
                combined.computeIfAbsent(its.then(), then -> combine(members(then, stage)))
                        .total(),
                warned(its, scope, stage),
                scope.logHealthy(its));
    }

    /**
     * Returns how a segment compares with the rest of its dimension, when the two have no ratio in common at a level that
     * holds for all segments together and at every look; null otherwise, and where no shares of units are compared.
     */
    Heterogeneity.@Nullable Comparison difference(Guardrail guardrail, String segment) {
        if (!sharesOfUnits(guardrail)) {
            return null;
        }
        Estimate own = scope(segment).numbers(guardrail).estimate();
        Double everyones = everyone.numbers(guardrail).estimate().ratio();
        Double lower = own.lower();
        Double upper = own.upper();
        boolean isLike =
                everyones == null || lower == null || (lower <= everyones && (upper == null || everyones <= upper));
        return isLike ? null : compared(guardrail.metric(), segment);
    }

    private boolean sharesOfUnits(Guardrail guardrail) {
        MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
        return !ComparedPlan.isValued(metric) && metric.mode() != MetricDefinition.Mode.CLUSTERED;
    }

    private Heterogeneity.@Nullable Comparison compared(String metric, String segment) {
        String dimension = Segments.dimension(segment);
        Map<String, List<Stratum>> all = new LinkedHashMap<>();
        segments.forEach((each, judge) -> {
            if (Segments.dimension(each).equals(dimension)) {
                all.put(each, StratumTotals.compared(judge.scope().strata(), metric));
            }
        });
        if (all.size() < 2) {
            return null;
        }
        Heterogeneity.Comparison comparison = Heterogeneity.of(segment, all, DIFFERENT_ALPHA);
        return comparison.isDifferent() ? comparison : null;
    }

    /** A sign of harm in a segment holds the stage of everyone, too. */
    private @Nullable String warned(Guardrail guardrail, ScopeJudge scope, int stage) {
        if (isWarning(guardrail, scope, stage)) {
            String segment = scope.segment();
            return segment == null ? "" : segment;
        }
        if (scope.segment() != null) {
            return null;
        }
        return segments.values().stream()
                .map(SegmentJudge::scope)
                .filter(each -> isWarning(guardrail, each, stage) && !isTakenOut(guardrail, each, stage))
                .map(ScopeJudge::segment)
                .findFirst()
                .orElse(null);
    }

    /** What was proven of a segment took it out: it is no reason to hold the others. */
    private boolean isTakenOut(Guardrail guardrail, ScopeJudge segment, int stage) {
        return guardrail.then() == Guardrail.Then.ROLLBACK
                && segment.members(guardrail, stage).stream()
                        .map(Judged.Scoped::member)
                        .anyMatch(each -> StrictMath.log(each.weight()) + each.logSup() >= logLimit());
    }

    private boolean isWarning(Guardrail guardrail, ScopeJudge scope, int stage) {
        double warning = logLimit() / 2;
        return scope.members(guardrail, stage).stream().anyMatch(each -> logTerm(each.member()) >= warning);
    }

    /** Returns how units are split, with the evidence that it is not as the clauses say. */
    Split split(Shares shares) {
        Looked known = looked;
        if (known == null || known.shares() != shares) {
            known = new Looked(shares, computed(shares));
            looked = known;
        }
        return known.split();
    }

    private Split computed(Shares shares) {
        List<SplitCount> splits = new ArrayList<>();
        long control = 0;
        long treatment = 0;
        double expected = 0;
        for (StratumTotals each : everyone.strata()) {
            double share = shares.treatment(new StratumId(each.allocation(), each.clause()));
            if (share > 0 && share < 1) {
                splits.add(SplitCount.of(share, each.seenControl(), each.seenTreatment()));
                control += each.seenControl();
                treatment += each.seenTreatment();
                expected += share * (each.seenControl() + each.seenTreatment());
            }
        }
        return new Split(control, treatment, expected, SampleRatioMismatch.logE(splits));
    }

    /** Returns exposed units of the present stage, control and treatment. */
    long[] exposedInStage(int stage) {
        Map<Integer, long[]> byAllocation = new HashMap<>();
        for (StratumTotals each : everyone.scope(true, stage)) {
            long[] sum = byAllocation.computeIfAbsent(each.allocation(), any -> new long[2]);
            sum[0] += each.control();
            sum[1] += each.treatment();
        }
        long[] most = {0, 0};
        for (long[] sum : byAllocation.values()) {
            most[0] = Math.max(most[0], sum[0]);
            most[1] = Math.max(most[1], sum[1]);
        }
        return most;
    }

    double logLimit() {
        return -StrictMath.log(alpha);
    }

    private record Owned(Guardrail guardrail, ScopeJudge scope, Judged.Scoped scoped) {
        String owner() {
            return guardrail.name() + "/" + scope.segment();
        }
    }

    /** Guardrails that do different things have budgets of their own: one that only tells never rolls back. */
    private int sharing(Guardrail guardrail) {
        return (int) compared.stream()
                .filter(each -> each.then() == guardrail.then())
                .count();
    }

    private List<Owned> members(Guardrail.Then then, int stage) {
        List<Owned> all = new ArrayList<>();
        for (Guardrail guardrail : compared) {
            if (guardrail.then() == then) {
                add(all, guardrail, everyone, stage);
                segments.values().forEach(each -> add(all, guardrail, each.scope(), stage));
            }
        }
        return all;
    }

    private static void add(List<Owned> all, Guardrail guardrail, ScopeJudge scope, int stage) {
        scope.members(guardrail, stage).forEach(each -> all.add(new Owned(guardrail, scope, each)));
    }

    private Combination combine(List<Owned> members) {
        return Combination.of(
                members.stream().map(each -> each.scoped().member()).toList(), alpha);
    }

    private static double logTerm(Member member) {
        return StrictMath.log(member.weight()) + member.logE();
    }

    private static double logSum(List<Judged.Scoped> members) {
        double largest = members.stream()
                .mapToDouble(each -> logTerm(each.member()))
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
        double sum = 0;
        for (Judged.Scoped each : members) {
            sum += StrictMath.exp(logTerm(each.member()) - largest);
        }
        return largest + StrictMath.log(sum);
    }
}
