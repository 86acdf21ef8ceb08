// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import dev.belay.benchmarks.report.Table;
import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;

/**
 * How much the evidence of one and the same set of users depends on the order they are delivered in: counts do not, but blocks end
 * elsewhere, and the guess of the base rate is another.
 */
final class Deliveries {
    private static final int USERS = 20_000;
    private static final int ORDERS = 200;
    /** Users are delivered up to this many places later than they came. */
    private static final int JITTER = 500;

    private static final int FIRST_USERS = 500;
    private static final int FIRST_BLOCK = 10;
    private static final int LATER_BLOCK = 50;
    private static final double BASE = 0.10;

    private Deliveries() {}

    static Table table(long seed) {
        Table table = new Table("mode", "share", "drop", "log evidence, mean", "standard deviation", "least", "most");
        for (OutcomeMode mode : OutcomeMode.values()) {
            for (double share : List.of(0.5, 0.05)) {
                for (double drop : List.of(0.0, 0.2)) {
                    row(table, mode, share, drop, seed);
                }
            }
        }
        return table;
    }

    private static void row(Table table, OutcomeMode mode, double share, double drop, long seed) {
        Draws draws = new Draws(seed, "users", 0);
        boolean[] isTreated = new boolean[USERS];
        boolean[] isEvent = new boolean[USERS];
        for (int user = 0; user < USERS; user++) {
            isTreated[user] = draws.uniform() < share;
            isEvent[user] = draws.uniform() < BASE * (isTreated[user] ? 1 - drop : 1);
        }
        double[] found = IntStream.range(0, ORDERS)
                .mapToDouble(order -> logE(mode, isTreated, isEvent, new Draws(seed, "order", order)))
                .toArray();
        double mean =
                IntStream.range(0, ORDERS).mapToDouble(i -> found[i]).average().orElseThrow();
        double squares = IntStream.range(0, ORDERS)
                .mapToDouble(i -> (found[i] - mean) * (found[i] - mean))
                .sum();
        table.row(
                mode.name(),
                number("%.2f", share),
                number("%.2f", drop),
                number("%.3f", mean),
                number("%.3f", Math.sqrt(squares / (ORDERS - 1))),
                number(
                        "%.3f",
                        IntStream.range(0, ORDERS)
                                .mapToDouble(i -> found[i])
                                .min()
                                .orElseThrow()),
                number(
                        "%.3f",
                        IntStream.range(0, ORDERS)
                                .mapToDouble(i -> found[i])
                                .max()
                                .orElseThrow()));
    }

    private static double logE(OutcomeMode mode, boolean[] isTreated, boolean[] isEvent, Draws draws) {
        double[] at = new double[USERS];
        for (int user = 0; user < USERS; user++) {
            at[user] = user + JITTER * draws.uniform();
        }
        List<Integer> order = IntStream.range(0, USERS)
                .boxed()
                .sorted(Comparator.comparingDouble(user -> at[user]))
                .toList();
        RatioProcess process =
                RatioProcess.start(RatioTest.of(mode, Alternatives.harm(Direction.DROP, Cell.THRESHOLD, 0)));
        long[] block = new long[4];
        long[] cohort = new long[2];
        int seen = 0;
        for (int user : order) {
            int arm = isTreated[user] ? 1 : 0;
            block[arm]++;
            block[arm + 2] += isEvent[user] ? 1 : 0;
            seen++;
            boolean isFull = block[0] + block[1] >= (seen <= FIRST_USERS ? FIRST_BLOCK : LATER_BLOCK);
            if (isFull && block[0] > 0 && block[1] > 0) {
                close(process, mode, block, cohort);
                block = new long[4];
            }
        }
        close(process, mode, block, cohort);
        return process.logE();
    }

    /** As the product does it: where outcomes arrive later, the units of a block are the cohorts so far. */
    private static void close(RatioProcess process, OutcomeMode mode, long[] block, long[] cohort) {
        cohort[0] += block[0];
        cohort[1] += block[1];
        long[] units = mode == OutcomeMode.ARRIVAL ? cohort : block;
        process.update(units[0], units[1], block[2], block[3]);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
