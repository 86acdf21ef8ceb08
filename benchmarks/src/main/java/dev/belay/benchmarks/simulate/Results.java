// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

import dev.belay.benchmarks.report.Report;
import dev.belay.benchmarks.report.Table;
import dev.belay.benchmarks.report.Target;
import dev.belay.benchmarks.simulate.Cell.Purpose;

/**
 * What a simulation found.
 *
 * @param ledger all batches
 * @param falseBatches batches to look at where nothing changes
 * @param otherBatches batches to look at elsewhere
 */
record Results(Ledger ledger, int falseBatches, int otherBatches) {
    private static final double PERCENT = 100;
    private static final double FALSE_LIMIT = 1.3;
    private static final double MILD = 0.3;
    private static final double HALF = 0.5;
    private static final double ALMOST_ALWAYS = 0.995;

    Tally tally(Cell cell, Contestant contestant) {
        return ledger.sum(cell, contestant, cell.purpose() == Purpose.FALSE_ROLLBACK ? falseBatches : otherBatches);
    }

    void write(Report report) {
        report.line("### False rollbacks where nothing changes, percent (upper 95 % limit)\n");
        report.table(table(Purpose.FALSE_ROLLBACK, Cells.falseRollbacks(), this::share));
        report.line(targets());
        report.line("### Treated users until the rollback, medians\n");
        report.table(table(Purpose.HARM, Cells.harms(), this::median));
        report.line("### Mean treated users over the bound at the same level\n");
        report.table(table(Purpose.HARM, Cells.harms(), this::ratio));
        report.line("### HEALTHY where nothing changes: mean treated users over the bound\n");
        report.table(table(Purpose.HEALTH, Cells.healths(), this::ratio));
    }

    /** A row for each contestant, a column for each cell. */
    private static Table table(Purpose purpose, List<Cell> cells, BiFunction<Cell, Contestant, String> text) {
        List<String> headings = new ArrayList<>(List.of("rule"));
        cells.forEach(cell -> headings.add(cell.name()));
        Table table = new Table(headings.toArray(String[]::new));
        for (Contestant contestant : participants(purpose)) {
            List<String> row = new ArrayList<>(List.of(contestant.title()));
            cells.forEach(cell -> row.add(text.apply(cell, contestant)));
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    static List<Contestant> participants(Purpose purpose) {
        Cell any = new Cell(purpose, List.of(HALF), HALF, 0, 0);
        List<Contestant> all = new ArrayList<>();
        for (Contestant contestant : Contestant.values()) {
            if (contestant.takesPartIn(any)) {
                all.add(contestant);
            }
        }
        return all;
    }

    private String share(Cell cell, Contestant contestant) {
        Tally tally = tally(cell, contestant);
        return number("%.2f", PERCENT * tally.share()) + number(" (%.2f)", PERCENT * tally.upperLimit());
    }

    private String median(Cell cell, Contestant contestant) {
        Tally tally = tally(cell, contestant);
        String median = Double.isInfinite(tally.median()) ? "never" : number("%,.0f", tally.median());
        return tally.share() < ALMOST_ALWAYS ? median + number(" (%.0f %%)", PERCENT * tally.share()) : median;
    }

    private String ratio(Cell cell, Contestant contestant) {
        Tally tally = tally(cell, contestant);
        boolean isComplete = tally.share() >= ALMOST_ALWAYS;
        return isComplete ? number("%.2f", overBound(cell, contestant)) : "–";
    }

    /** Returns mean treated users over the least that any test of the level needs; below one breaks its level. */
    double overBound(Cell cell, Contestant contestant) {
        return tally(cell, contestant).mean() / cell.bound(contestant.level());
    }

    private String targets() {
        double worstFalse = Cells.falseRollbacks().stream()
                .mapToDouble(cell -> PERCENT * tally(cell, Contestant.BELAY_1).upperLimit())
                .max()
                .orElse(Double.NaN);
        return String.join(
                "\n",
                Target.atMost(FALSE_LIMIT, "false rollbacks at α = 1 %, worst upper limit, percent")
                        .judge(worstFalse),
                worst("drops of 20 and 30 %", 0, MILD, 1.32),
                worst("drops of 50 %", MILD, HALF, 1.58),
                worst("drops of 100 %", HALF, 1, 1.88),
                Target.atMost(1.25, "HEALTHY, mean over the bound, worst cell")
                        .judge(Cells.healths().stream()
                                .mapToDouble(cell -> overBound(cell, Contestant.HEALTHY))
                                .max()
                                .orElse(Double.NaN)),
                "");
    }

    private String worst(String what, double above, double atMost, double limit) {
        return Target.atMost(limit, "harmed users over the bound, " + what + ", worst cell")
                .judge(Cells.harms().stream()
                        .filter(cell -> cell.drop() > above && cell.drop() <= atMost)
                        .mapToDouble(cell -> overBound(cell, Contestant.BELAY_1_UNGATED))
                        .max()
                        .orElse(Double.NaN));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
