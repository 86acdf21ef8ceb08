// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.StageClauses;
import org.jspecify.annotations.Nullable;

/**
 * A plan as attribution needs it: which outcomes count for what, and at which stage a bucket becomes treated. Constant over
 * a rollout, because its plan is.
 */
public final class ComparedPlan {
    /** Band of units that no stage moves: treated already, never treated, or assigned elsewhere. */
    public static final int NEVER = Integer.MAX_VALUE;

    private static final long MICROS = 1_000_000;
    private static final long MILLI = 1_000;

    private final String rolloutId;
    private final int epoch;
    private final Plan plan;
    private final List<JudgedMetric> metrics;
    private final Map<String, List<Clause>> clausesByStage;
    private final List<Counter> counters;
    private final List<ValuedMetric> valued;

    /**
     * A metric that a guardrail compares between the arms.
     *
     * @param name name of the metric
     * @param event name of the outcomes that count
     * @param within microseconds after the exposure in which they count; {@link Long#MAX_VALUE} without a limit
     * @param isClustered whether every outcome counts; else a unit counts once
     */
    public record JudgedMetric(String name, String event, long within, boolean isClustered) {
        /** Before what is counted besides; no name of a metric has it. */
        private static final char OF = '\u0000';

        /** Returns the name that units with an outcome are counted under, of a clustered metric. */
        public String units() {
            return name + OF + "units";
        }

        /** Returns the name that the squares of the units' numbers of outcomes are summed under, of a clustered metric. */
        public String squares() {
            return name + OF + "squares";
        }
    }

    /** What a unit's outcomes make its value. */
    public enum Final {
        /** The sum of their values within the window. */
        SUM,
        /** The value of the first. */
        FIRST,
        /** Whether there is one within the window: 1, else 0. */
        ANY
    }

    /**
     * A metric of which units are compared when their values are final.
     *
     * @param name name of the metric
     * @param event name of the outcomes that have the value
     * @param property name of the property that holds it; null for the outcome's own value
     * @param value what a unit's value is
     * @param within microseconds after the exposure in which they count; {@link Long#MAX_VALUE} without a limit
     */
    public record ValuedMetric(
            String name, String event, @Nullable String property, Final value, long within) {
        private static final long SHORTEST_SLOT = MICROS;
        private static final long SLOT_OF_FIRST_VALUES = 5 * MICROS;
        private static final long SLOTS = 60;
        /** How much later than they happened outcomes may arrive. */
        private static final long GRACE = 30 * MICROS;

        private long slotLength() {
            return value == Final.FIRST ? SLOT_OF_FIRST_VALUES : Math.max(SHORTEST_SLOT, within / SLOTS);
        }

        /** Returns the slot of a time in microseconds: that of the value where the first counts, else of the exposure. */
        public long slot(long at) {
            return Math.floorDiv(at, slotLength());
        }

        /** Returns the first slot that is not final yet. */
        public long openFrom(long nowMillis) {
            long wait = GRACE + (value == Final.FIRST ? 0 : within);
            return slot(nowMillis * MILLI - wait);
        }
    }

    /**
     * A guardrail that counts events against a number.
     *
     * @param guardrail the guardrail
     * @param event name of the outcomes that count
     * @param of whose outcomes count
     * @param within length of the window
     */
    public record Counter(Guardrail guardrail, String event, Guardrail.Of of, Duration within) {
        /** Returns the name that its events are counted under: those of treatments apart. */
        public String key(String variant) {
            return of == Guardrail.Of.TREATMENT ? guardrail.name() + "/" + variant : guardrail.name();
        }
    }

    private ComparedPlan(String rolloutId, int epoch, Plan plan) {
        this.rolloutId = rolloutId;
        this.epoch = epoch;
        this.plan = plan;
        this.metrics = judged(plan);
        this.clausesByStage = byStage(plan);
        this.counters = counters(plan);
        this.valued = valued(plan);
    }

    /** Returns the plan of a rollout; null when it has none, which is a lifted kill. */
    public static @Nullable ComparedPlan of(RolloutState rollout) {
        Plan plan = rollout.plan();
        return plan == null ? null : new ComparedPlan(rollout.id(), rollout.epoch(), plan);
    }

    /** Returns {@code project/environment/flag#epoch}. */
    public String rolloutId() {
        return rolloutId;
    }

    public int epoch() {
        return epoch;
    }

    public Plan plan() {
        return plan;
    }

    /** Returns the metrics whose units are compared as their outcomes arrive, each once. */
    public List<JudgedMetric> metrics() {
        return metrics;
    }

    /** Returns the metrics whose units are compared when their values are final, each once. */
    public List<ValuedMetric> valued() {
        return valued;
    }

    /** Returns the names of the properties that hold values of outcomes of that name. */
    public Set<String> properties(String event) {
        Set<String> all = new TreeSet<>();
        for (ValuedMetric metric : valued) {
            String property = metric.property();
            if (metric.event().equals(event) && property != null) {
                all.add(property);
            }
        }
        return all;
    }

    /** Returns the guardrails that count. */
    public List<Counter> counters() {
        return counters;
    }

    /** Returns the counter of that guardrail, if it is one. */
    public Optional<Counter> counter(Guardrail guardrail) {
        return counters.stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst();
    }

    /** Returns the names of outcomes that are compared between the arms: they should be of units that saw the flag. */
    public Set<String> comparedEvents() {
        Set<String> all = new TreeSet<>();
        metrics.forEach(each -> all.add(each.event()));
        valued.forEach(each -> all.add(each.event()));
        return all;
    }

    /** Returns the names of all outcomes that count for something. */
    public Set<String> events() {
        Set<String> all = new TreeSet<>();
        metrics.forEach(each -> all.add(each.event()));
        counters.forEach(each -> all.add(each.event()));
        valued.forEach(each -> all.add(each.event()));
        return all;
    }

    public boolean isControl(String variant) {
        return plan.control().equals(variant);
    }

    /** Returns whether the variant is control or a treatment; units that saw another one are not compared. */
    public boolean compares(String variant) {
        return isControl(variant) || plan.treatments().contains(variant);
    }

    /** Returns whether some metric counts outcomes of that name. */
    public boolean counts(String event) {
        return metrics.stream().anyMatch(metric -> metric.event().equals(event))
                || counters.stream().anyMatch(counter -> counter.event().equals(event))
                || valued.stream().anyMatch(metric -> metric.event().equals(event));
    }

    /**
     * Returns the stage at which a unit of control becomes treated.
     *
     * @param clause id of the clause that admitted it
     * @param bucket its bucket, 0 to 1; null when its arm was assigned elsewhere
     * @return index of the stage, {@link #NEVER} when no stage treats it
     */
    public int band(String clause, @Nullable Double bucket) {
        List<Clause> stages = clausesByStage.get(clause);
        if (bucket == null || stages == null) {
            return NEVER;
        }
        for (int stage = 0; stage < stages.size(); stage++) {
            if (stages.get(stage).treats(bucket)) {
                return stage;
            }
        }
        return NEVER;
    }

    private static List<JudgedMetric> judged(Plan plan) {
        Map<String, JudgedMetric> all = new LinkedHashMap<>();
        for (Guardrail guardrail : plan.guardrails()) {
            MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
            if (isCompared(guardrail, metric) && !isFinalFirst(metric)) {
                boolean isClustered = metric.mode() == MetricDefinition.Mode.CLUSTERED;
                all.put(
                        metric.name(),
                        new JudgedMetric(metric.name(), metric.event(), micros(metric.within()), isClustered));
            }
        }
        return List.copyOf(all.values());
    }

    private static List<Counter> counters(Plan plan) {
        List<Counter> all = new ArrayList<>();
        for (Guardrail guardrail : plan.guardrails()) {
            MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
            Duration within = guardrail.within();
            if (!guardrail.isRelative() && metric.kind() == MetricKind.COUNTER && within != null) {
                Guardrail.Of of = guardrail.of() == null ? Guardrail.Of.TREATMENT : guardrail.of();
                all.add(new Counter(guardrail, metric.event(), of, within));
            }
        }
        return List.copyOf(all);
    }

    private static List<ValuedMetric> valued(Plan plan) {
        Map<String, ValuedMetric> all = new LinkedHashMap<>();
        for (Guardrail guardrail : plan.guardrails()) {
            MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
            if (isCompared(guardrail, metric) && isFinalFirst(metric)) {
                all.put(
                        metric.name(),
                        new ValuedMetric(
                                metric.name(),
                                metric.event(),
                                metric.value(),
                                valueOf(metric),
                                micros(metric.within())));
            }
        }
        return List.copyOf(all.values());
    }

    /** Returns whether the guardrail compares units between the arms; a mean needs to know when a unit's value is final. */
    public static boolean isCompared(Guardrail guardrail, MetricDefinition metric) {
        return guardrail.isRelative()
                && switch (metric.kind()) {
                    case CONVERSION, RATE, QUANTILE -> true;
                    case MEAN -> metric.within() != null;
                    case COUNTER -> false;
                };
    }

    /** Returns whether values are compared, not shares of units. */
    public static boolean isValued(MetricDefinition metric) {
        return metric.kind() == MetricKind.MEAN || metric.kind() == MetricKind.QUANTILE;
    }

    /** Returns whether shares of units are compared whose window is over. */
    public static boolean isMatured(MetricDefinition metric) {
        return metric.mode() == MetricDefinition.Mode.MATURED;
    }

    private static boolean isFinalFirst(MetricDefinition metric) {
        return isValued(metric) || isMatured(metric);
    }

    private static Final valueOf(MetricDefinition metric) {
        if (isMatured(metric)) {
            return Final.ANY;
        }
        return metric.kind() == MetricKind.MEAN ? Final.SUM : Final.FIRST;
    }

    private static long micros(@Nullable Duration within) {
        return within == null ? Long.MAX_VALUE : within.toSeconds() * MICROS + within.toNanosPart() / 1000;
    }

    /** A clause that a stage does not have yet treats nobody there. */
    private static Map<String, List<Clause>> byStage(Plan plan) {
        Map<String, List<Clause>> all = new LinkedHashMap<>();
        for (int stage = 0; stage < plan.stages().size(); stage++) {
            for (Clause clause : StageClauses.of(plan, stage)) {
                List<Clause> stages = all.computeIfAbsent(clause.id(), id -> new ArrayList<>());
                while (stages.size() < stage) {
                    stages.add(new Clause(clause.id(), clause.segment(), 0));
                }
                stages.add(clause);
            }
        }
        return all;
    }
}
