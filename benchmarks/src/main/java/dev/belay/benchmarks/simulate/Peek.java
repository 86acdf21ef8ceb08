// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.List;

/**
 * A rollout as it goes on: the block of counts that was closed last, and the sums so far. Reused from block to block, because a
 * simulation sees thousands of millions of them.
 */
final class Peek {
    private static final int FIRST_USERS = 500;
    private static final int FIRST_BLOCK = 10;
    private static final int LATER_BLOCK = 50;
    private static final double USERS_A_DAY = 50_000;

    long nC;
    long nT;
    long sC;
    long sT;

    long allNC;
    long allNT;
    long allSC;
    long allST;

    /** Of the stage, counted from 0. */
    int stage;

    boolean isNewStage;

    /** Sums over closed stages, each arm's events weighted as Mantel and Haenszel do. */
    private double closedTreatment;

    private double closedControl;
    private long stageNC;
    private long stageNT;
    private long stageSC;
    private long stageST;

    private final Cell cell;
    private final Draws draws;
    private final int peeksPerStage;
    private final double phase;
    private int peeks;

    Peek(Cell cell, Draws draws, int peeks) {
        this.cell = cell;
        this.draws = draws;
        this.peeksPerStage = Math.max(1, peeks / cell.shares().size());
        this.phase = draws.uniform();
    }

    /** Closes the next block: ten users while the rollout is small, then fifty, more until both arms have one. */
    void next() {
        List<Double> shares = cell.shares();
        int now = Math.min(peeks / peeksPerStage, shares.size() - 1);
        peeks++;
        isNewStage = now != stage;
        if (isNewStage) {
            closeStage(now);
        }
        nC = 0;
        nT = 0;
        do {
            int users = allNC + allNT + nC + nT < FIRST_USERS ? FIRST_BLOCK : LATER_BLOCK;
            int treated = draws.binomial(users, shares.get(now));
            nT += treated;
            nC += users - treated;
        } while (nC == 0 || nT == 0);
        double rate = rate();
        sC = draws.binomial((int) nC, rate);
        sT = draws.binomial((int) nT, rate * (1 - cell.drop()));
        add();
    }

    private double rate() {
        if (cell.season() == 0) {
            return cell.base();
        }
        double day = (allNC + allNT) / USERS_A_DAY + phase;
        return cell.base() * (1 + cell.season() * StrictMath.sin(2 * Math.PI * day));
    }

    private void add() {
        allNC += nC;
        allNT += nT;
        allSC += sC;
        allST += sT;
        stageNC += nC;
        stageNT += nT;
        stageSC += sC;
        stageST += sT;
    }

    private void closeStage(int now) {
        closedTreatment = treatmentEvents();
        closedControl = controlEvents();
        stageNC = 0;
        stageNT = 0;
        stageSC = 0;
        stageST = 0;
        stage = now;
    }

    private double treatmentEvents() {
        double units = Math.max(1, stageNC + stageNT);
        return closedTreatment + stageST * (stageNC / units);
    }

    private double controlEvents() {
        double units = Math.max(1, stageNC + stageNT);
        return closedControl + stageSC * (stageNT / units);
    }

    /** Says whether the stratified estimate is at or below the ratio. */
    boolean isAtMost(double ratio) {
        double control = controlEvents();
        return control > 0 && treatmentEvents() <= ratio * control;
    }

    /** Says the same of the present stage alone. */
    boolean isStageAtMost(double ratio) {
        return stageSC > 0 && (double) stageST * stageNC <= ratio * stageSC * stageNT;
    }
}
