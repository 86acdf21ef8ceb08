// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.statistics.Interval;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.Member;
import dev.belay.statistics.RatioConfidenceSequence;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/** All guardrails of one treatment over everyone, or over one segment. */
final class ScopeJudge {
    /** Level of the interval that people see; it decides nothing. */
    private static final double SHOWN_ALPHA = 0.05;

    private final @Nullable String segment;
    private final Map<String, GuardrailJudge> guardrails = new TreeMap<>();
    private final Map<StratumId, StratumTotals> strata = new TreeMap<>();
    /** What was asked for since the last block, by guardrail. */
    private final Map<String, List<GuardrailJudge.Scoped>> members = new HashMap<>();

    private final Map<String, Numbers> numbers = new HashMap<>();

    /**
     * State of the processes and counts.
     *
     * @param guardrails one per guardrail that is compared
     * @param strata all strata with a block
     */
    record State(List<GuardrailJudge.State> guardrails, List<StratumTotals> strata) {}

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
            Function<Guardrail, GuardrailJudge.Weight> weights,
            @Nullable State state) {
        this.segment = segment;
        Map<String, GuardrailJudge.State> stored = new HashMap<>();
        if (state != null) {
            state.guardrails().forEach(each -> stored.put(each.guardrail(), each));
            state.strata().forEach(each -> strata.put(id(each.allocation(), each.clause()), each));
        }
        for (Guardrail guardrail : compared) {
            GuardrailJudge.State its = stored.get(guardrail.name());
            GuardrailJudge.Weight weight = weights.apply(guardrail);
            guardrails.put(
                    guardrail.name(),
                    its == null
                            ? GuardrailJudge.start(plan, guardrail, weight)
                            : GuardrailJudge.restore(plan, guardrail, weight, its));
        }
    }

    State snapshot() {
        return new State(
                guardrails.values().stream().map(GuardrailJudge::snapshot).toList(), List.copyOf(strata.values()));
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
        guardrails.values().forEach(GuardrailJudge::enterStage);
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
        for (GuardrailJudge each : guardrails.values()) {
            MetricCounts found = counts.get(each.guardrail().metric());
            if (found != null) {
                each.apply(found, inStage);
            }
        }
        return before;
    }

    /** Returns the members of a guardrail as they stand. */
    List<GuardrailJudge.Scoped> members(Guardrail guardrail, int stage) {
        return members.computeIfAbsent(guardrail.name(), any -> {
            String metric = guardrail.metric();
            return judge(guardrail)
                    .members(
                            MantelHaenszel.of(StratumTotals.compared(scope(false, stage), metric)),
                            MantelHaenszel.of(StratumTotals.compared(scope(true, stage), metric)),
                            stage + 1);
        });
    }

    double logHealthy(Guardrail guardrail) {
        return judge(guardrail).logHealthy();
    }

    /** Returns the numbers of a guardrail over all strata. */
    Numbers numbers(Guardrail guardrail) {
        return numbers.computeIfAbsent(guardrail.name(), any -> numbers(scope(false, 0), guardrail.metric()));
    }

    /** Returns the numbers of a guardrail over the strata of a member. */
    Numbers numbers(Guardrail guardrail, boolean ofStage, int stage) {
        return ofStage ? numbers(scope(true, stage), guardrail.metric()) : numbers(guardrail);
    }

    List<StratumTotals> scope(boolean ofStage, int stage) {
        return strata.values().stream()
                .filter(each -> !ofStage || each.stage() == stage)
                .toList();
    }

    private static Numbers numbers(List<StratumTotals> scope, String metric) {
        return new Numbers(
                StratumTotals.control(scope, metric),
                StratumTotals.treatment(scope, metric),
                counts(scope, metric),
                estimate(scope, metric));
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

    static MemberEvidence evidence(GuardrailJudge.Scoped scoped) {
        Member member = scoped.member();
        double sup = Double.isInfinite(member.logSup()) ? 0 : member.logSup();
        return new MemberEvidence(scoped.scope(), member.weight(), member.logE(), sup, member.gateOpen());
    }

    private GuardrailJudge judge(Guardrail guardrail) {
        GuardrailJudge found = guardrails.get(guardrail.name());
        if (found == null) {
            throw new IllegalArgumentException("guardrail must be one that is compared, was " + guardrail.name());
        }
        return found;
    }

    private StratumId id(int allocation, String clause) {
        return new StratumId(allocation, clause, segment);
    }
}
