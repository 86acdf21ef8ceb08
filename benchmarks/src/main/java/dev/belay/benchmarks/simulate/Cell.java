// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.List;
import java.util.Locale;

import dev.belay.statistics.Planner;

/**
 * What is true in a rollout that is made up.
 *
 * @param purpose what is asked of it
 * @param shares share of treatment in each stage; the stages have equally many peeks
 * @param base conversion rate of control
 * @param drop relative drop of it under treatment, 0 to 1
 * @param season how much the rates of both arms rise and fall each day, as a share of them
 */
record Cell(Purpose purpose, List<Double> shares, double base, double drop, double season) {
    /** The threshold that people gave. */
    static final double THRESHOLD = 0.20;

    /** What a rollout is made up for. */
    enum Purpose {
        /** Nothing changes: how many are rolled back all the same? */
        FALSE_ROLLBACK,
        /** Something is lost: how many users are harmed before it is noticed? */
        HARM,
        /** Nothing changes: how many users does it take to prove that? */
        HEALTH
    }

    String name() {
        StringBuilder name = new StringBuilder();
        shares.forEach(share -> name.append(name.length() == 0 ? "" : "→").append(percent(share)));
        name.append(", ").append(percent(base));
        if (drop > 0) {
            name.append(" ↓").append(percent(drop));
        }
        if (season > 0) {
            name.append(", season ").append(percent(season));
        }
        return name.toString();
    }

    /** Distinguishes the cell from all others in the ledger. */
    String key() {
        return purpose + " " + name();
    }

    double share() {
        return shares.get(0);
    }

    /** Returns how many treated users any test of this level needs on average. */
    double bound(double alpha) {
        Planner planner = new Planner(base, share());
        double info = purpose == Purpose.HEALTH
                ? planner.infoPerTreated(1, 1 - THRESHOLD)
                : planner.infoPerTreated(1 - drop, 1);
        return -Math.log(alpha) / info;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
