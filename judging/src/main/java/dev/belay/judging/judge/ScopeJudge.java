// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.statistics.Member;
import org.jspecify.annotations.Nullable;

/** All guardrails of one treatment over everyone, or over one segment. */
final class ScopeJudge {
    private final @Nullable String segment;
    private final Map<String, Judged> guardrails = new TreeMap<>();
    private final Map<StratumId, StratumTotals> strata = new TreeMap<>();
    /** What was asked for since the last block, by guardrail. */
    private final Map<String, List<Judged.Scoped>> members = new HashMap<>();

    private final Map<String, Numbers> numbers = new HashMap<>();

    /**
     * State of the processes and counts.
     *
     * @param guardrails one per guardrail that is compared
     * @param strata all strata with a block
     * @param values one per guardrail whose values are compared; null in states of before there were
     */
    record State(
            List<GuardrailJudge.State> guardrails,
            List<StratumTotals> strata,
            @Nullable List<ValueJudge.State> values) {}

    /** Counts over a scope, and how large the change is. */
    record Numbers(Counts control, Counts treatment, List<StratumCounts> strata, Estimate estimate) {}

    /**
     * @param segment {@code dimension=value}; null for everyone
     * @param weights what part of alpha each guardrail has here
     * @param state null for one that has seen nothing
     */
    ScopeJudge(
            Plan plan,
            List<Guardrail> compared,
            @Nullable String segment,
            Function<Guardrail, Weight> weights,
            @Nullable State state) {
        this.segment = segment;
        Map<String, GuardrailJudge.State> stored = new HashMap<>();
        Map<String, ValueJudge.State> storedValues = new HashMap<>();
        if (state != null) {
            state.guardrails().forEach(each -> stored.put(each.guardrail(), each));
            state.strata().forEach(each -> strata.put(id(each.allocation(), each.clause()), each));
            List<ValueJudge.State> values = state.values();
            (values == null ? List.<ValueJudge.State>of() : values)
                    .forEach(each -> storedValues.put(each.guardrail(), each));
        }
        for (Guardrail guardrail : compared) {
            String name = guardrail.name();
            MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
            Weight weight = weights.apply(guardrail);
            GuardrailJudge.State its = stored.get(name);
            if (ComparedPlan.isValued(metric)) {
                guardrails.put(name, new ValueJudge(plan, guardrail, metric, weight, storedValues.get(name)));
            } else {
                guardrails.put(
                        name,
                        its == null
                                ? GuardrailJudge.start(plan, guardrail, weight)
                                : GuardrailJudge.restore(plan, guardrail, weight, its));
            }
        }
    }

    State snapshot() {
        List<GuardrailJudge.State> ratios = new ArrayList<>();
        List<ValueJudge.State> values = new ArrayList<>();
        for (Judged each : guardrails.values()) {
            if (each instanceof GuardrailJudge ratio) {
                ratios.add(ratio.snapshot());
            } else if (each instanceof ValueJudge value) {
                values.add(value.snapshot());
            }
        }
        return new State(ratios, List.copyOf(strata.values()), values);
    }

    @Nullable
    String segment() {
        return segment;
    }

    List<StratumTotals> strata() {
        return List.copyOf(strata.values());
    }

    boolean hasSeen(StratumId stratum) {
        return strata.containsKey(stratum);
    }

    void enterStage() {
        members.clear();
        guardrails.values().forEach(Judged::enterStage);
    }

    /** Begins to watch for changes. */
    void finish() {
        guardrails.values().forEach(each -> each.finish(strata()));
    }

    boolean isFinished() {
        return guardrails.values().stream().anyMatch(Judged::isFinished);
    }

    /** Returns what has changed since the last alarm, by guardrail. */
    Map<String, ChangeWatch.Alarm> takeAlarms(double logLimit) {
        Map<String, ChangeWatch.Alarm> all = new TreeMap<>();
        guardrails.forEach((name, judge) -> {
            ChangeWatch.Alarm alarm = judge.takeAlarm(logLimit);
            if (alarm != null) {
                all.put(name, alarm);
            }
        });
        return all;
    }

    boolean isNews(Block block) {
        StratumTotals known = strata.get(StratumId.of(block));
        return known == null || known.isNews(block);
    }

    /** Takes in a block; returns what was known of its stratum before. */
    StratumTotals apply(Block block, boolean inStage) {
        members.clear();
        numbers.clear();
        StratumId stratum = StratumId.of(block);
        StratumTotals before = strata.getOrDefault(stratum, StratumTotals.start(block));
        strata.put(stratum, before.after(block));
        Map<String, MetricCounts> counts = new HashMap<>();
        block.metrics().forEach(each -> counts.put(each.metric(), each));
        for (Judged each : guardrails.values()) {
            MetricCounts found = counts.get(each.guardrail().metric());
            if (found != null) {
                each.apply(found, inStage);
            }
        }
        return before;
    }

    /** Returns the members of a guardrail as they stand. */
    List<Judged.Scoped> members(Guardrail guardrail, int stage) {
        return members.computeIfAbsent(
                guardrail.name(), any -> judge(guardrail).members(scope(false, stage), scope(true, stage), stage + 1));
    }

    double logHealthy(Guardrail guardrail) {
        return judge(guardrail).logHealthy();
    }

    /** Returns the numbers of a guardrail over all strata. */
    Numbers numbers(Guardrail guardrail) {
        return numbers.computeIfAbsent(guardrail.name(), any -> numbers(scope(false, 0), guardrail));
    }

    /** Returns the numbers of a guardrail over the strata of a member. */
    Numbers numbers(Guardrail guardrail, boolean ofStage, int stage) {
        return ofStage ? numbers(scope(true, stage), guardrail) : numbers(guardrail);
    }

    List<StratumTotals> scope(boolean ofStage, int stage) {
        return strata.values().stream()
                .filter(each -> !ofStage || each.stage() == stage)
                .toList();
    }

    private Numbers numbers(List<StratumTotals> scope, Guardrail guardrail) {
        String metric = guardrail.metric();
        return new Numbers(
                StratumTotals.control(scope, metric),
                StratumTotals.treatment(scope, metric),
                counts(scope, metric),
                judge(guardrail).estimate(scope));
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

    static MemberEvidence evidence(Judged.Scoped scoped) {
        Member member = scoped.member();
        double sup = Double.isInfinite(member.logSup()) ? 0 : member.logSup();
        return new MemberEvidence(scoped.scope(), member.weight(), member.logE(), sup, member.gateOpen());
    }

    private Judged judge(Guardrail guardrail) {
        Judged found = guardrails.get(guardrail.name());
        if (found == null) {
            throw new IllegalArgumentException("guardrail must be one that is compared, was " + guardrail.name());
        }
        return found;
    }

    private StratumId id(int allocation, String clause) {
        return new StratumId(allocation, clause, segment);
    }
}
