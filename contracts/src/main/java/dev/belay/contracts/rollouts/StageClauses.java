// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Require;

/**
 * The clauses in force in a stage: everything that earlier stages added and what this one adds, less the share it keeps on
 * control.
 */
public final class StageClauses {
    private static final double ALL = 100;

    private StageClauses() {}

    /**
     * Returns the clauses of a stage, segments in the order of their stages and the percentage of the rest last.
     *
     * @param stage index of the stage, from 0
     * @throws IllegalArgumentException if the plan has no such stage
     */
    public static List<Clause> of(Plan plan, int stage) {
        Require.that(
                stage >= 0 && stage < plan.stages().size(), "stage", "must be an index of the plan's stages", stage);
        Map<String, Clause> clauses = new LinkedHashMap<>();
        double rest = 0;
        for (int i = 0; i <= stage; i++) {
            Stage each = plan.stages().get(i);
            String segment = each.to().segment();
            double kept = i == stage && each.control() != null ? each.control() : 0;
            if (segment != null) {
                Clause clause = Clause.ofSegment(segment, ALL - kept);
                clauses.put(clause.id(), clause);
            } else {
                rest = treated(each, kept);
            }
        }
        List<Clause> all = new ArrayList<>(clauses.values());
        if (rest > 0) {
            all.add(Clause.ofRest(rest));
        }
        return List.copyOf(all);
    }

    /**
     * Checks that no stage takes anyone out: within a clause, the treated share never falls from one stage to the next.
     *
     * @throws IllegalArgumentException if it does; the message names the stage
     */
    public static void requireCumulative(Plan plan) {
        Map<String, Double> reached = new LinkedHashMap<>();
        for (int i = 0; i < plan.stages().size(); i++) {
            String name = plan.stages().get(i).name();
            for (Clause clause : of(plan, i)) {
                Double before = reached.put(clause.id(), clause.percent());
                Require.that(
                        before == null || clause.percent() >= before,
                        "stages." + name + ".to",
                        "must not treat fewer of " + clause.id() + " than the stage before, " + before + " %",
                        clause.percent() + " %");
            }
        }
    }

    private static double treated(Stage stage, double kept) {
        Double percent = stage.to().percent();
        return percent == null ? 0 : percent * (ALL - kept) / ALL;
    }
}
