// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.Map;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.judging.backtest.Backtest;
import dev.belay.judging.backtest.BacktestPlan;

/** A backtest for people. */
record BacktestPage(
        BacktestPlan question, Backtest.Finding finding, Map<String, Long> excluded, int shuffles, int falseFires) {
    private static final double NONE = 0;

    String text() {
        StringBuilder page = new StringBuilder();
        page.append("control    ").append(arm(finding.control())).append('\n');
        page.append("treatment  ").append(arm(finding.treatment())).append('\n');
        excluded.forEach((reason, count) -> page.append(String.format("excluded   %,d %s%n", count, reason)));
        page.append(outcome()).append('\n');
        page.append("Whole recording: ").append(estimate(finding.estimate())).append('\n');
        if (shuffles > 0) {
            page.append(String.format(
                    "Shuffled labels: %d of %d would have been rolled back (%s); at most %s is promised on average.%n",
                    falseFires, shuffles, Shares.percent((double) falseFires / shuffles), Shares.percent(Plan.ALPHA)));
        }
        return page.toString();
    }

    private String outcome() {
        Backtest.Firing firing = finding.firing();
        if (firing == null) {
            return "No rollback: " + limit() + " was not proven.";
        }
        String where = firing.segment() == null ? "" : " in " + firing.segment();
        return String.format(
                "Rolled back at %s after %,d treated users, for %s%s: %s",
                firing.at(),
                firing.treatedUnits(),
                limit(),
                where,
                firing.sentence().isEmpty() ? estimate(firing.estimate()) : firing.sentence());
    }

    private String limit() {
        return question.guardrails().stream()
                .filter(each -> each.name().equals(finding.guardrail()))
                .findFirst()
                .map(BacktestPage::limit)
                .orElse(finding.guardrail());
    }

    private static String limit(Guardrail guardrail) {
        String word = guardrail.limit() == Guardrail.Limit.FALLS ? " falls " : " rises ";
        return guardrail.name() + word + Math.round(guardrail.threshold() * 1_000) / 10.0 + " %";
    }

    private static String arm(Counts counts) {
        double rate = counts.exposed() == 0 ? NONE : (double) counts.events() / counts.exposed();
        return String.format("%,d users, %,d converted (%s)", counts.exposed(), counts.events(), Shares.percent(rate));
    }

    private static String estimate(Estimate estimate) {
        Double ratio = estimate.ratio();
        Double lower = estimate.lower();
        Double upper = estimate.upper();
        if (ratio == null) {
            return "nothing to compare";
        }
        return Shares.change(ratio) + " (95 % CS " + (lower == null ? "?" : Shares.change(lower)) + " … "
                + (upper == null ? "?" : Shares.change(upper)) + ")";
    }
}
