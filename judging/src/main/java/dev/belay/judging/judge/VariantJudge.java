// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.statistics.Combination;
import dev.belay.statistics.Interval;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.Member;
import dev.belay.statistics.RatioConfidenceSequence;
import dev.belay.statistics.SampleRatioMismatch;
import dev.belay.statistics.SplitCount;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/** Everything that is known about one treatment. */
final class VariantJudge {
    /** Level of the interval that people see; it decides nothing. */
    private static final double SHOWN_ALPHA = 0.05;
    /** Share of units in both arms from which a comparison is not trusted. */
    private static final double CONTAMINATED_FROM = 0.01;
    /** Events that control should have had before silence is noticed. */
    private static final double SILENT_FROM = 20;

    private final double alpha;
    private final List<GuardrailJudge> guardrails;
    private final Map<StratumId, StratumTotals> strata;
    private final Map<String, MetricWatch> watches = new TreeMap<>();
    private long bothArms;
    /** What was asked for since the last block. */
    private final Map<String, Standing> standings = new HashMap<>();

    /**
     * State of a treatment.
     *
     * @param guardrails one per guardrail that is compared
     * @param strata all strata with a block
     * @param watches what is seen of each metric; null in states of before it was
     * @param bothArms units seen in several arms
     */
    record State(
            List<GuardrailJudge.State> guardrails,
            List<StratumTotals> strata,
            @Nullable Map<String, MetricWatch> watches,
            @Nullable Long bothArms) {}

    private VariantJudge(Plan plan, List<GuardrailJudge> guardrails, Map<StratumId, StratumTotals> strata) {
        this.alpha = plan.alpha() / plan.treatments().size();
        this.guardrails = guardrails;
        this.strata = strata;
    }

    static VariantJudge start(Plan plan, List<Guardrail> compared) {
        List<GuardrailJudge> all = compared.stream()
                .map(guardrail -> GuardrailJudge.start(plan, guardrail, sharing(compared, guardrail)))
                .toList();
        return new VariantJudge(plan, all, new TreeMap<>());
    }

    static VariantJudge restore(Plan plan, List<Guardrail> compared, State state) {
        Map<String, GuardrailJudge.State> states = new HashMap<>();
        state.guardrails().forEach(each -> states.put(each.guardrail(), each));
        List<GuardrailJudge> all = new ArrayList<>();
        for (Guardrail guardrail : compared) {
            GuardrailJudge.State stored = states.get(guardrail.name());
            all.add(
                    stored == null
                            ? GuardrailJudge.start(plan, guardrail, sharing(compared, guardrail))
                            : GuardrailJudge.restore(plan, guardrail, sharing(compared, guardrail), stored));
        }
        Map<StratumId, StratumTotals> strata = new TreeMap<>();
        state.strata().forEach(each -> strata.put(new StratumId(each.allocation(), each.clause()), each));
        VariantJudge judge = new VariantJudge(plan, all, strata);
        judge.watches.putAll(state.watches() == null ? Map.of() : state.watches());
        judge.bothArms = state.bothArms() == null ? 0 : state.bothArms();
        return judge;
    }

    State snapshot() {
        return new State(
                guardrails.stream().map(GuardrailJudge::snapshot).toList(),
                List.copyOf(strata.values()),
                new TreeMap<>(watches),
                bothArms);
    }

    void enterStage() {
        standings.clear();
        guardrails.forEach(GuardrailJudge::enterStage);
        watches.replaceAll((metric, watch) -> watch.enterStage());
    }

    boolean hasSeen(StratumId stratum) {
        return strata.containsKey(stratum);
    }

    boolean isNews(Block block) {
        StratumTotals known = strata.get(new StratumId(block.allocation(), block.clause()));
        return known == null || known.isNews(block) || bothArmsOf(block) != bothArms;
    }

    void apply(Block block, boolean inStage) {
        standings.clear();
        StratumId id = new StratumId(block.allocation(), block.clause());
        StratumTotals before = strata.getOrDefault(id, StratumTotals.start(block));
        strata.put(id, before.after(block));
        bothArms = bothArmsOf(block);
        for (MetricCounts each : block.metrics()) {
            long growth = each.cohortControl() - before.metric(each.metric()).cohortControl();
            watches.put(each.metric(), watch(each.metric()).after(each, block.newControl(), growth, inStage));
        }
        Map<String, MetricCounts> counts = new HashMap<>();
        block.metrics().forEach(each -> counts.put(each.metric(), each));
        for (GuardrailJudge each : guardrails) {
            MetricCounts found = counts.get(each.guardrail().metric());
            if (found != null) {
                each.apply(found, inStage);
            }
        }
    }

    MetricWatch watch(String metric) {
        return watches.getOrDefault(metric, MetricWatch.START);
    }

    /** Returns why the comparison is not to be trusted, as far as blocks tell. */
    List<Reason> doubts(String guardrail, int stage, Shares shares) {
        Standing standing = standing(guardrail, stage);
        MetricWatch watch = watch(standing.guardrail().metric());
        boolean silent = isSilent(standing.control(), watch);
        List<Reason> all = new ArrayList<>();
        if (isMismatched(shares)) {
            all.add(Reason.SAMPLE_RATIO_MISMATCH);
        }
        if (bothArms > CONTAMINATED_FROM * Math.max(1, units())) {
            all.add(Reason.CONTAMINATED);
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
        return rate * watch.silentUnits() >= SILENT_FROM;
    }

    private boolean isMismatched(Shares shares) {
        return logSampleRatioMismatch(shares) >= -StrictMath.log(SampleRatioMismatch.DEFAULT_ALPHA);
    }

    private long units() {
        return strata.values().stream()
                .mapToLong(each -> each.control() + each.treatment())
                .sum();
    }

    /** Blocks of before it was noted say nothing about it. */
    private long bothArmsOf(Block block) {
        Long noted = block.bothArms();
        return noted == null ? bothArms : noted;
    }

    /** Returns what the evidence proves: at most one breach for each thing that a breach can do. */
    List<Breach> breaches(int stage) {
        List<Breach> all = new ArrayList<>();
        for (Guardrail.Then then : Guardrail.Then.values()) {
            breach(members(then, stage), stage).ifPresent(all::add);
        }
        return all;
    }

    private Optional<Breach> breach(List<Owned> members, int stage) {
        Combination all = combine(members);
        if (!all.breach()) {
            return Optional.empty();
        }
        Owned cause = members.get(all.cause());
        List<StratumTotals> scope = scope(cause.scoped().ofStage(), stage);
        String metric = cause.guardrail().metric();
        double latched = StrictMath.log(cause.scoped().member().weight())
                + cause.scoped().member().logSup();
        return Optional.of(new Breach(
                cause.guardrail().name(),
                StratumTotals.control(scope, metric),
                StratumTotals.treatment(scope, metric),
                estimate(scope, metric),
                Math.max(all.total(), latched)));
    }

    Standing standing(String guardrail, int stage) {
        return standings.computeIfAbsent(guardrail, any -> computed(guardrail, stage));
    }

    private Standing computed(String guardrail, int stage) {
        GuardrailJudge judge = guardrails.stream()
                .filter(each -> each.guardrail().name().equals(guardrail))
                .findFirst()
                .orElseThrow();
        List<StratumTotals> all = scope(false, stage);
        String metric = judge.guardrail().metric();
        List<GuardrailJudge.Scoped> own = members(judge, stage);
        double warning = -StrictMath.log(alpha) / 2;
        return new Standing(
                judge.guardrail(),
                StratumTotals.control(all, metric),
                StratumTotals.treatment(all, metric),
                counts(all, metric),
                estimate(all, metric),
                own.stream().map(VariantJudge::evidence).toList(),
                logSum(own),
                combine(members(judge.guardrail().then(), stage)).total(),
                own.stream().anyMatch(each -> logTerm(each.member()) >= warning),
                judge.logHealthy());
    }

    /** Returns the logarithm of the evidence that units are not split as the clauses say. */
    double logSampleRatioMismatch(Shares shares) {
        List<SplitCount> splits = new ArrayList<>();
        for (StratumTotals each : strata.values()) {
            double share = shares.treatment(new StratumId(each.allocation(), each.clause()));
            if (share > 0 && share < 1) {
                splits.add(SplitCount.of(share, each.seenControl(), each.seenTreatment()));
            }
        }
        return SampleRatioMismatch.logE(splits);
    }

    /** Returns exposed units of the present stage, control and treatment. */
    long[] exposedInStage(int stage) {
        Map<Integer, long[]> byAllocation = new HashMap<>();
        for (StratumTotals each : scope(true, stage)) {
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

    private record Owned(Guardrail guardrail, GuardrailJudge.Scoped scoped) {}

    /** Guardrails that do different things have budgets of their own: one that only tells never rolls back. */
    private static int sharing(List<Guardrail> compared, Guardrail guardrail) {
        return (int) compared.stream()
                .filter(each -> each.then() == guardrail.then())
                .count();
    }

    private List<Owned> members(Guardrail.Then then, int stage) {
        List<Owned> all = new ArrayList<>();
        for (GuardrailJudge judge : guardrails) {
            if (judge.guardrail().then() == then) {
                members(judge, stage).forEach(each -> all.add(new Owned(judge.guardrail(), each)));
            }
        }
        return all;
    }

    private List<GuardrailJudge.Scoped> members(GuardrailJudge judge, int stage) {
        String metric = judge.guardrail().metric();
        return judge.members(
                MantelHaenszel.of(StratumTotals.compared(scope(false, stage), metric)),
                MantelHaenszel.of(StratumTotals.compared(scope(true, stage), metric)),
                stage + 1);
    }

    private Combination combine(List<Owned> members) {
        return Combination.of(
                members.stream().map(each -> each.scoped().member()).toList(), alpha);
    }

    private List<StratumTotals> scope(boolean ofStage, int stage) {
        return strata.values().stream()
                .filter(each -> !ofStage || each.stage() == stage)
                .toList();
    }

    private static Estimate estimate(List<StratumTotals> scope, String metric) {
        List<Stratum> compared = StratumTotals.compared(scope, metric);
        OptionalDouble ratio = MantelHaenszel.of(compared).ratio();
        if (compared.isEmpty()) {
            return Estimate.UNKNOWN;
        }
        Interval interval = RatioConfidenceSequence.interval(compared, SHOWN_ALPHA);
        return new Estimate(
                ratio.isPresent() ? ratio.getAsDouble() : null,
                interval.lower(),
                interval.hasUpperBound() ? interval.upper() : null);
    }

    private static List<StratumCounts> counts(List<StratumTotals> scope, String metric) {
        List<StratumCounts> all = new ArrayList<>();
        for (StratumTotals each : scope) {
            List<StratumTotals> one = List.of(each);
            Counts control = StratumTotals.control(one, metric);
            Counts treatment = StratumTotals.treatment(one, metric);
            if (control.exposed() > 0) {
                all.add(new StratumCounts(each.allocation(), each.clause(), control, treatment));
            }
        }
        return all;
    }

    private static MemberEvidence evidence(GuardrailJudge.Scoped scoped) {
        Member member = scoped.member();
        double sup = Double.isInfinite(member.logSup()) ? 0 : member.logSup();
        return new MemberEvidence(scoped.scope(), member.weight(), member.logE(), sup, member.gateOpen());
    }

    private static double logTerm(Member member) {
        return StrictMath.log(member.weight()) + member.logE();
    }

    private static double logSum(List<GuardrailJudge.Scoped> members) {
        double largest = members.stream()
                .mapToDouble(each -> logTerm(each.member()))
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
        double sum = 0;
        for (GuardrailJudge.Scoped each : members) {
            sum += StrictMath.exp(logTerm(each.member()) - largest);
        }
        return largest + StrictMath.log(sum);
    }
}
