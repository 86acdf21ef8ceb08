// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.planning;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;
import dev.belay.judging.planning.Forecast.ComparedClause;
import dev.belay.judging.planning.Forecast.GuardrailForecast;
import dev.belay.judging.planning.Forecast.Judged;
import dev.belay.judging.planning.Forecast.StageForecast;
import dev.belay.judging.planning.Forecast.Suggestion;
import org.jspecify.annotations.Nullable;

/** Says what a plan will cost at a given traffic. Pure. */
public final class StagePlanner {
    private static final double SECONDS_AN_HOUR = 3_600;
    private static final double SUGGESTED_FALL = 0.20;
    private static final double SUGGESTED_RISE = 0.30;
    private static final double HOURS_A_DAY = 24;
    private static final double PERCENT = 100;

    private final Plan plan;
    private final Traffic traffic;
    private final List<String> warnings = new ArrayList<>();

    private StagePlanner(Plan plan, Traffic traffic) {
        this.plan = plan;
        this.traffic = traffic;
    }

    /**
     * Forecasts a plan.
     *
     * @param metrics further metrics of the project, which guardrails may be suggested for
     */
    public static Forecast of(Plan plan, Traffic traffic, Collection<MetricDefinition> metrics) {
        return new StagePlanner(plan, traffic).forecast(metrics);
    }

    private Forecast forecast(Collection<MetricDefinition> metrics) {
        List<StageForecast> stages = new ArrayList<>();
        for (int i = 0; i < plan.stages().size(); i++) {
            stages.add(stage(plan.stages().get(i), compared(i)));
        }
        return new Forecast(stages, warnings, suggestions(metrics));
    }

    private List<ComparedClause> compared(int stage) {
        List<ComparedClause> all = new ArrayList<>();
        for (Clause clause : StageClauses.of(plan, stage)) {
            if (clause.hasBothArms()) {
                double all100 = clause.percent() / PERCENT;
                double one = all100 / plan.treatments().size();
                all.add(new ComparedClause(
                        clause.id(),
                        one,
                        one / (one + 1 - all100),
                        traffic.unitsPerHour().get(clause.id())));
            }
        }
        return all;
    }

    private StageForecast stage(Stage stage, List<ComparedClause> clauses) {
        List<GuardrailForecast> guardrails = plan.guardrails().stream()
                .map(each -> guardrail(stage, each, clauses))
                .toList();
        if (clauses.isEmpty() && plan.guardrails().stream().anyMatch(Guardrail::isRelative)) {
            warnings.add(
                    "stage " + stage.name() + " compares nobody: everyone it admits has the treatment, so guardrails"
                            + " with falls and rises are NOT_APPLICABLE in it; `control: 50%` keeps somebody to compare with");
        }
        Double treated = treatedPerHour(clauses);
        return new StageForecast(
                stage.name(), stage.atLeast(), clauses, treated, hours(stage, clauses, guardrails), guardrails);
    }

    private static @Nullable Double treatedPerHour(List<ComparedClause> clauses) {
        double sum = 0;
        for (ComparedClause clause : clauses) {
            Double perHour = clause.unitsPerHour();
            if (perHour == null) {
                return null;
            }
            sum += perHour * clause.treated();
        }
        return sum;
    }

    /** The longest of what it waits for; null when one of them is not known or never comes. */
    private @Nullable Double hours(Stage stage, List<ComparedClause> clauses, List<GuardrailForecast> guardrails) {
        double longest = hours(stage.atLeast());
        Long least = stage.minUsers();
        if (least != null && !clauses.isEmpty()) {
            Double wait = hoursForUsers(least, clauses);
            if (wait == null || Double.isInfinite(wait)) {
                return null;
            }
            longest = Math.max(longest, wait);
        }
        for (GuardrailForecast each : guardrails) {
            if (stage.advance() != AdvanceMode.PROVEN
                    || each.judged() == Judged.NOT_APPLICABLE
                    || !mustBeProven(each.guardrail())) {
                continue;
            }
            Double proof = each.hoursToHealthy();
            if (proof == null) {
                return null;
            }
            longest = Math.max(longest, proof);
        }
        return longest;
    }

    private boolean mustBeProven(String guardrail) {
        return plan.guardrails().stream()
                .filter(each -> each.name().equals(guardrail))
                .anyMatch(each -> each.isRelative()
                        && (each.then() == Guardrail.Then.ROLLBACK || each.then() == Guardrail.Then.HOLD));
    }

    private static @Nullable Double hoursForUsers(long least, List<ComparedClause> clauses) {
        double treated = 0;
        double control = 0;
        for (ComparedClause clause : clauses) {
            Double perHour = clause.unitsPerHour();
            if (perHour == null) {
                return null;
            }
            treated += perHour * clause.treated();
            control += perHour * clause.treated() * (1 - clause.share()) / clause.share();
        }
        return least / Math.min(treated, control);
    }

    private GuardrailForecast guardrail(Stage stage, Guardrail guardrail, List<ComparedClause> clauses) {
        MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
        if (!guardrail.isRelative()) {
            return bare(guardrail, Judged.IN_TIME, "counts events against a number: needs no control and no proof");
        }
        if (metric.kind() == MetricKind.COUNTER) {
            return bare(guardrail, Judged.NEVER, "a counter is compared with a number, with above or below");
        }
        if (clauses.isEmpty()) {
            return bare(guardrail, Judged.NOT_APPLICABLE, "nobody is compared in stage " + stage.name());
        }
        Cost cost = new Cost(plan, guardrail, metric, level(metric));
        String never = cost.never();
        if (never != null) {
            return warned(stage, guardrail, bare(guardrail, Judged.NEVER, never));
        }
        String unknown = cost.unknown();
        return unknown == null ? priced(stage, guardrail, cost, clauses) : bare(guardrail, Judged.UNKNOWN, unknown);
    }

    private Traffic.Level level(MetricDefinition metric) {
        return Objects.requireNonNullElse(traffic.metrics().get(metric.name()), new Traffic.Level(null, null, null));
    }

    private GuardrailForecast priced(Stage stage, Guardrail guardrail, Cost cost, List<ComparedClause> clauses) {
        Cost.Amount breach = cost.breach(clauses);
        Cost.Amount healthy = cost.healthy(clauses);
        if (breach == null || healthy == null) {
            return bare(guardrail, Judged.UNKNOWN, "the limit is beyond what can be computed");
        }
        Double toBreach = breach.hours();
        Double toHealthy = healthy.hours();
        boolean isProven = stage.advance() == AdvanceMode.PROVEN;
        Double needed = isProven ? toHealthy : toBreach;
        Judged judged = judged(stage, needed);
        String units = String.format(
                Locale.ROOT,
                "harm of %s takes about %,d treated users to see%s, health about %,d%s",
                limit(guardrail),
                whole(breach.treated()),
                in(toBreach),
                whole(healthy.treated()),
                in(toHealthy));
        GuardrailForecast forecast = new GuardrailForecast(
                guardrail.name(),
                guardrail.metric(),
                judged,
                whole(breach.treated()),
                finite(toBreach),
                whole(healthy.treated()),
                finite(toHealthy),
                units + consequence(stage, judged, isProven, needed));
        boolean isWorthSaying = judged == Judged.NEVER || (judged == Judged.LATE && isBeyondAsking(stage, needed));
        return isWorthSaying ? warned(stage, guardrail, forecast) : forecast;
    }

    private static Judged judged(Stage stage, @Nullable Double needed) {
        if (needed == null) {
            return Judged.UNKNOWN;
        }
        if (Double.isInfinite(needed)) {
            return Judged.NEVER;
        }
        return needed <= hours(stage.atLeast()) ? Judged.IN_TIME : Judged.LATE;
    }

    private static boolean isBeyondAsking(Stage stage, @Nullable Double needed) {
        Duration askAfter = stage.askAfter();
        return needed != null && (askAfter == null ? stage.advance() != AdvanceMode.PROVEN : needed > hours(askAfter));
    }

    private static String consequence(Stage stage, Judged judged, boolean isProven, @Nullable Double needed) {
        if (judged == Judged.NEVER) {
            return "; nobody comes, so it is never judged";
        }
        if (judged != Judged.LATE || needed == null) {
            return judged == Judged.UNKNOWN ? "; how many come is not known" : "";
        }
        double longer = needed - hours(stage.atLeast());
        return isProven
                ? "; the stage will wait " + shown(longer) + " longer than atLeast"
                : "; the stage may be over " + shown(longer) + " before";
    }

    private GuardrailForecast warned(Stage stage, Guardrail guardrail, GuardrailForecast forecast) {
        warnings.add("stage " + stage.name() + ", guardrail " + guardrail.name() + ": " + forecast.sentence());
        return forecast;
    }

    private static GuardrailForecast bare(Guardrail guardrail, Judged judged, String sentence) {
        return new GuardrailForecast(guardrail.name(), guardrail.metric(), judged, null, null, null, null, sentence);
    }

    private List<Suggestion> suggestions(Collection<MetricDefinition> metrics) {
        List<Suggestion> all = new ArrayList<>();
        List<String> guarded = plan.guardrails().stream().map(Guardrail::metric).toList();
        metrics.stream()
                .filter(metric -> !guarded.contains(metric.name()))
                .filter(metric -> metric.kind() == MetricKind.CONVERSION || metric.kind() == MetricKind.RATE)
                .sorted(Comparator.comparing(MetricDefinition::name))
                .forEach(metric -> {
                    Suggestion suggestion = suggestion(metric);
                    if (suggestion != null) {
                        all.add(suggestion);
                    }
                });
        return all;
    }

    /** Of a metric whose rate is known; null for others. */
    private @Nullable Suggestion suggestion(MetricDefinition metric) {
        Double rate = level(metric).rate();
        if (rate == null || rate <= 0 || rate >= 1) {
            return null;
        }
        boolean isUp = metric.goodWhen() == MetricDefinition.GoodWhen.UP;
        Guardrail guardrail = new Guardrail(
                metric.name(),
                metric.name(),
                isUp ? Guardrail.Limit.FALLS : Guardrail.Limit.RISES,
                isUp ? SUGGESTED_FALL : SUGGESTED_RISE,
                null,
                null,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
        Cost cost = new Cost(plan, guardrail, metric, level(metric));
        String inTime = null;
        Cost.Amount last = null;
        for (int i = 0; i < plan.stages().size(); i++) {
            List<ComparedClause> clauses = compared(i);
            Cost.Amount healthy = clauses.isEmpty() ? null : cost.healthy(clauses);
            last = healthy == null ? last : healthy;
            Double hours = healthy == null ? null : healthy.hours();
            boolean isInTime =
                    hours != null && hours <= hours(plan.stages().get(i).atLeast());
            inTime = inTime == null && isInTime ? plan.stages().get(i).name() : inTime;
        }
        if (last == null) {
            return null;
        }
        String sentence = String.format(
                Locale.ROOT,
                "%s %s: %.3g %% of units do it; health takes about %,d treated users%s",
                metric.name(),
                limit(guardrail),
                rate * PERCENT,
                whole(last.treated()),
                inTime == null ? "" : ", in time from stage " + inTime + " on");
        return new Suggestion(
                metric.name(), guardrail.limit(), guardrail.threshold(), rate, inTime, whole(last.treated()), sentence);
    }

    private static String limit(Guardrail guardrail) {
        String word = guardrail.limit() == Guardrail.Limit.FALLS ? "falls" : "rises";
        BigDecimal percent = BigDecimal.valueOf(guardrail.threshold()).movePointRight(2);
        return word + " " + percent.stripTrailingZeros().toPlainString() + " %";
    }

    private static String in(@Nullable Double hours) {
        return hours == null || Double.isInfinite(hours) ? "" : " (" + shown(hours) + ")";
    }

    private static String shown(double hours) {
        if (hours < 1) {
            return String.format(Locale.ROOT, "%d min", Math.round(hours * 60));
        }
        return hours < 2 * HOURS_A_DAY
                ? String.format(Locale.ROOT, "%.1f h", hours)
                : String.format(Locale.ROOT, "%.1f days", hours / HOURS_A_DAY);
    }

    private static double hours(Duration time) {
        return time.toSeconds() / SECONDS_AN_HOUR;
    }

    private static long whole(double units) {
        return (long) Math.ceil(units);
    }

    private static @Nullable Double finite(@Nullable Double hours) {
        return hours == null || Double.isInfinite(hours) ? null : hours;
    }
}
