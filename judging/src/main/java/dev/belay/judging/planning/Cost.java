// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.planning;

import java.util.List;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.planning.Forecast.ComparedClause;
import dev.belay.statistics.Direction;
import dev.belay.statistics.MemberWeights;
import dev.belay.statistics.Planner;
import org.jspecify.annotations.Nullable;

/**
 * Treated units that the decisions about one guardrail take, in a clause that is alone or in several that add up.
 *
 * @param plan the plan
 * @param guardrail a relative guardrail of it
 * @param metric its metric
 * @param level what is known of the metric
 */
record Cost(Plan plan, Guardrail guardrail, MetricDefinition metric, Traffic.Level level) {
    /** Constants of statistics.md §11: what not knowing the effect costs, in nats. */
    private static final double BREACH_OVERHEAD = 1.0;

    private static final double HEALTHY_OVERHEAD = 0.4;
    /** Where everybody does it, a fall is seen at once; the planner wants a rate below one. */
    private static final double GREATEST_RATE = 0.999_999;

    /**
     * Units over several clauses.
     *
     * @param treated treated units
     * @param hours hours until they have come; infinite without traffic, null when it is not known
     */
    record Amount(double treated, @Nullable Double hours) {}

    /** Units in one clause. */
    @FunctionalInterface
    private interface Units {
        double in(ComparedClause clause);
    }

    /** Returns what proof of harm of the limit takes; null when it cannot be said. */
    @Nullable
    Amount breach(List<ComparedClause> clauses) {
        return amount(clauses, this::unitsToBreach);
    }

    /** Returns what proof of health takes when nothing has changed; null when it cannot be said. */
    @Nullable
    Amount healthy(List<ComparedClause> clauses) {
        return amount(clauses, this::unitsToHealthy);
    }

    /** Returns why it cannot be said; null when it can. */
    @Nullable
    String unknown() {
        if (metric.kind() == MetricKind.QUANTILE) {
            return "how a quantile's change shows depends on the values, so nobody can say beforehand";
        }
        if (isMean()) {
            return level.mean() == null || level.spread() == null
                    ? "mean and spread of " + metric.name() + " are not known"
                    : null;
        }
        return level.rate() == null ? "how often units of control do it is not known" : null;
    }

    /** Returns why it can never be judged; null when it can. */
    @Nullable
    String never() {
        Double rate = level.rate();
        boolean isNothing = isMean() ? Double.valueOf(0).equals(level.mean()) : rate != null && rate == 0;
        if (metric.kind() == MetricKind.MEAN && metric.within() == null) {
            return "a mean without a window is never final";
        }
        if (isNothing) {
            return "nobody does it, so no change could be seen";
        }
        return !isMean() && rate != null && rate == 1 && guardrail.limit() == Guardrail.Limit.RISES
                ? "everybody does it, so it cannot rise"
                : null;
    }

    private boolean isMean() {
        return metric.kind() == MetricKind.MEAN;
    }

    /** Evidence adds up over clauses: each brings its treated units an hour, divided by how many it would take alone. */
    private @Nullable Amount amount(List<ComparedClause> clauses, Units units) {
        double speed = 0;
        double treatedPerHour = 0;
        for (ComparedClause clause : clauses) {
            Double perHour = clause.unitsPerHour();
            if (perHour == null) {
                // The last clause is the greatest one: everybody whom no segment admits.
                double alone = units.in(clauses.get(clauses.size() - 1));
                return Double.isFinite(alone) ? new Amount(alone, null) : null;
            }
            double treated = perHour * clause.treated();
            treatedPerHour += treated;
            speed += treated / units.in(clause);
        }
        if (speed == 0) {
            double alone = units.in(clauses.get(clauses.size() - 1));
            return new Amount(alone, Double.POSITIVE_INFINITY);
        }
        return new Amount(treatedPerHour / speed, 1 / speed);
    }

    private double unitsToBreach(ComparedClause clause) {
        double alpha = plan.alpha() / plan.treatments().size();
        double margin = plan.sensitivity() == Sensitivity.TOLERANT ? guardrail.threshold() / 2 : 0;
        if (isMean()) {
            double nats = BREACH_OVERHEAD - Math.log(alpha) - Math.log(weight());
            return nats / infoOfMean(clause, guardrail.threshold() - margin);
        }
        double rate = rate();
        double ratio = Math.min(changed(guardrail.threshold()), 1 / rate);
        return new Planner(rate, clause.share()).unitsToBreach(ratio, changed(margin), alpha, weight());
    }

    private double unitsToHealthy(ComparedClause clause) {
        if (isMean()) {
            return (HEALTHY_OVERHEAD - Math.log(plan.beta())) / infoOfMean(clause, guardrail.threshold());
        }
        return new Planner(rate(), clause.share()).unitsToHealthy(direction(), guardrail.threshold(), plan.beta());
    }

    private double rate() {
        Double rate = level.rate();
        return rate == null ? Double.NaN : Math.min(rate, GREATEST_RATE);
    }

    private double changed(double by) {
        return guardrail.limit() == Guardrail.Limit.FALLS ? 1 - by : 1 + by;
    }

    private Direction direction() {
        return guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
    }

    /** Nats of a treated unit for two normal means of one spread that differ by a share of the mean. */
    private double infoOfMean(ComparedClause clause, double share) {
        Double mean = level.mean();
        Double spread = level.spread();
        if (mean == null || spread == null) {
            return Double.NaN;
        }
        double effect = share * mean / spread;
        return (1 - clause.share()) * effect * effect / 2;
    }

    /** The part of alpha that its member for everybody has. */
    private double weight() {
        long alike = plan.guardrails().stream()
                .filter(each -> each.then() == guardrail.then())
                .filter(each -> plan.metric(each.metric())
                        .filter(its -> ComparedPlan.isCompared(each, its))
                        .isPresent())
                .count();
        double everybody = plan.watchBy().isEmpty() ? 1 : MemberWeights.GLOBAL_WITH_SEGMENTS;
        return MemberWeights.guardrail((int) Math.max(1, alike))
                * everybody
                * MemberWeights.rolloutScope(plan.stages().size());
    }
}
