// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs rollouts of a cell, every rule on the same users. */
final class Trial {
    /** A rollout in which nothing is lost ends here, fired or not. */
    private static final double HORIZON_BOUNDS = 60;

    private static final long LEAST_HORIZON = 20_000;

    private Trial() {}

    /**
     * Runs rollouts.
     *
     * @param seed seed of the whole simulation
     * @param from number of the first rollout
     * @param to number after the last
     * @param peeks peeks of a rollout in which nothing changes
     */
    static Map<Contestant, Tally> run(Cell cell, long seed, int from, int to, int peeks) {
        Map<Contestant, Tally> tallies = new EnumMap<>(Contestant.class);
        for (int rollout = from; rollout < to; rollout++) {
            run(cell, new Draws(seed, cell.key(), rollout), peeks, tallies);
        }
        return tallies;
    }

    private static void run(Cell cell, Draws draws, int peeks, Map<Contestant, Tally> tallies) {
        Peek peek = new Peek(cell, draws, peeks);
        Engines engines = Engines.of(cell);
        List<Running> running = new ArrayList<>();
        for (Contestant contestant : Contestant.values()) {
            if (contestant.takesPartIn(cell)) {
                running.add(new Running(contestant, contestant.rule(cell, engines)));
            }
        }
        long horizon = horizon(cell);
        for (int i = 0; !running.isEmpty() && !isOver(cell, peek, i, peeks, horizon); i++) {
            peek.next();
            engines.take(peek, cell.purpose());
            running.removeIf(each -> each.fires(peek, tallies));
        }
        running.forEach(each -> add(tallies, each.contestant(), false, peek));
    }

    private static boolean isOver(Cell cell, Peek peek, int done, int peeks, long horizon) {
        return cell.purpose() == Cell.Purpose.FALSE_ROLLBACK ? done >= peeks : peek.allNT >= horizon;
    }

    private static long horizon(Cell cell) {
        return cell.purpose() == Cell.Purpose.FALSE_ROLLBACK
                ? Long.MAX_VALUE
                : Math.max(LEAST_HORIZON, (long) (HORIZON_BOUNDS * cell.bound(Contestant.BELAY_1.level())));
    }

    private static void add(Map<Contestant, Tally> tallies, Contestant contestant, boolean fired, Peek peek) {
        tallies.merge(contestant, Tally.NONE.with(fired, peek.allNT), Tally::plus);
    }

    private record Running(Contestant contestant, Rule rule) {
        boolean fires(Peek peek, Map<Contestant, Tally> tallies) {
            boolean fires = rule.fires(peek);
            if (fires) {
                add(tallies, contestant, true, peek);
            }
            return fires;
        }
    }
}
