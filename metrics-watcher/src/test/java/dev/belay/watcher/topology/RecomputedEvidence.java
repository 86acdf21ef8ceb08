// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Combination;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Gate;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.Member;
import dev.belay.statistics.MemberWeights;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;
import dev.belay.statistics.Sensitivity;
import dev.belay.statistics.Stratum;

/**
 * What the logged blocks of a rollout prove, put together from the library of statistics alone: nothing of the judge's own
 * code is used. For plans whose guardrails all roll back by shares of units that fall or rise, without segments.
 */
final class RecomputedEvidence {
    private final Plan plan;
    private final double alpha;
    private final Map<String, Map<StratumKey, Totals>> strata = new HashMap<>();
    private final Map<String, Map<String, Processes>> processes = new HashMap<>();
    private int stage;

    private record StratumKey(int allocation, String clause) implements Comparable<StratumKey> {
        @Override
        public int compareTo(StratumKey other) {
            return Comparator.comparingInt(StratumKey::allocation)
                    .thenComparing(StratumKey::clause)
                    .compare(this, other);
        }
    }

    private record Totals(int stage, Map<String, Stratum> byMetric) {}

    /** The processes of a guardrail for one treatment; those of the stage begin anew with each. */
    private static final class Processes {
        private final RatioTest harm;
        private final RatioTest health;
        private final RatioProcess rollout;
        private RatioProcess ofStage;
        private RatioProcess healthy;

        Processes(Guardrail guardrail) {
            double threshold = guardrail.threshold();
            harm = RatioTest.of(
                    OutcomeMode.ARRIVAL,
                    Alternatives.harm(direction(guardrail), threshold, Sensitivity.BALANCED.margin(threshold)));
            health = RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.healthy(direction(guardrail), threshold));
            rollout = RatioProcess.start(harm);
            healthy = RatioProcess.start(health);
        }

        void enterStage() {
            ofStage = RatioProcess.start(harm);
            healthy = RatioProcess.start(health);
        }

        void take(MetricCounts counts, boolean inStage) {
            update(rollout, counts);
            if (inStage) {
                update(healthy, counts);
                if (ofStage != null) {
                    update(ofStage, counts);
                }
            }
        }

        private static void update(RatioProcess process, MetricCounts counts) {
            process.update(
                    counts.cohortControl(), counts.cohortTreatment(), counts.newControl(), counts.newTreatment());
        }
    }

    RecomputedEvidence(Plan plan) {
        this.plan = plan;
        this.alpha = plan.alpha() / plan.treatments().size();
        for (String variant : plan.treatments()) {
            strata.put(variant, new TreeMap<>());
            Map<String, Processes> own = new TreeMap<>();
            plan.guardrails().forEach(each -> own.put(each.name(), new Processes(each)));
            processes.put(variant, own);
        }
    }

    /** Takes in the next block of the log. */
    void take(Block block) {
        enter(block.stage());
        Map<String, Stratum> totals = new HashMap<>();
        for (MetricCounts counts : block.metrics()) {
            totals.put(
                    counts.metric(),
                    new Stratum(
                            counts.cohortControl(),
                            counts.cohortTreatment(),
                            counts.totalControl(),
                            counts.totalTreatment()));
            plan.guardrails().stream()
                    .filter(each -> each.metric().equals(counts.metric()))
                    .forEach(each ->
                            processes.get(block.variant()).get(each.name()).take(counts, block.stage() == stage));
        }
        strata.get(block.variant())
                .put(new StratumKey(block.allocation(), block.clause()), new Totals(block.stage(), totals));
    }

    /** Starts a stage; the present one, or an earlier one, changes nothing. */
    void enter(int next) {
        if (next > stage) {
            stage = next;
            processes.values().forEach(each -> each.values().forEach(Processes::enterStage));
        }
    }

    /** Returns the log evidence that the verdict should state: of a breach what all prove, else what its guardrail proves. */
    double logEvidence(Verdict verdict) {
        return switch (verdict.decision()) {
            case BREACHED -> logBreach(verdict);
            case HEALTHY, UNDECIDED, NOT_APPLICABLE -> logOwn(verdict);
        };
    }

    double logHealthy(Verdict verdict) {
        return of(verdict).healthy.logE();
    }

    /** Returns the estimate of the change over all strata. */
    OptionalDouble ratio(Verdict verdict) {
        return estimate(verdict.variant(), guardrail(verdict), false).ratio();
    }

    private double logOwn(Verdict verdict) {
        List<Member> own = members(verdict.variant(), guardrail(verdict));
        double largest =
                own.stream().mapToDouble(RecomputedEvidence::logTerm).max().orElseThrow();
        double sum = 0;
        for (Member member : own) {
            sum += StrictMath.exp(logTerm(member) - largest);
        }
        return largest + StrictMath.log(sum);
    }

    private double logBreach(Verdict verdict) {
        List<Member> all = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        for (Guardrail guardrail : plan.guardrails()) {
            for (Member member : members(verdict.variant(), guardrail)) {
                all.add(member);
                owners.add(guardrail.name());
            }
        }
        Combination together = Combination.of(all, alpha);
        if (!owners.get(together.cause()).equals(verdict.guardrail())) {
            all = members(verdict.variant(), guardrail(verdict));
            together = Combination.of(all, alpha);
        }
        Member cause = all.get(together.cause());
        return Math.max(together.total(), StrictMath.log(cause.weight()) + cause.logSup());
    }

    private List<Member> members(String variant, Guardrail guardrail) {
        Processes own = processes.get(variant).get(guardrail.name());
        int stages = plan.stages().size();
        double share = MemberWeights.guardrail(plan.guardrails().size());
        List<Member> all = new ArrayList<>();
        all.add(Member.of(share * MemberWeights.rolloutScope(stages), own.rollout, isOpen(variant, guardrail, false)));
        if (own.ofStage != null) {
            all.add(Member.of(
                    share * MemberWeights.stageScope(stages, stage + 1),
                    own.ofStage,
                    isOpen(variant, guardrail, true)));
        }
        return all;
    }

    private boolean isOpen(String variant, Guardrail guardrail, boolean inStage) {
        Gate gate = new Gate(direction(guardrail), Sensitivity.BALANCED.gate(guardrail.threshold()));
        return gate.isOpen(estimate(variant, guardrail, inStage));
    }

    private MantelHaenszel estimate(String variant, Guardrail guardrail, boolean inStage) {
        return MantelHaenszel.of(strata.get(variant).values().stream()
                .filter(each -> !inStage || each.stage() == stage)
                .map(each -> each.byMetric().getOrDefault(guardrail.metric(), Stratum.EMPTY))
                .filter(Stratum::hasBothArms)
                .toList());
    }

    private Processes of(Verdict verdict) {
        return processes.get(verdict.variant()).get(verdict.guardrail());
    }

    private Guardrail guardrail(Verdict verdict) {
        return plan.guardrails().stream()
                .filter(each -> each.name().equals(verdict.guardrail()))
                .findFirst()
                .orElseThrow();
    }

    private static double logTerm(Member member) {
        return StrictMath.log(member.weight()) + member.logE();
    }

    private static Direction direction(Guardrail guardrail) {
        return guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
    }
}
