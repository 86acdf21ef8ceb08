// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.MemberWeights;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;

/** The product's evidence in a made-up rollout: a member for the whole of it, and one for the stage from the second on. */
final class Evidence {
    private static final double LOG_TWO = StrictMath.log(2);

    private final RatioTest test;
    private final double wholeWeight;
    private final double partWeight;
    private final RatioProcess rollout;
    private RatioProcess stage;

    private Evidence(RatioTest test, int stages) {
        this.test = test;
        wholeWeight = StrictMath.log(MemberWeights.rolloutScope(stages));
        partWeight = stages == 1 ? Double.NEGATIVE_INFINITY : StrictMath.log(MemberWeights.stageScope(stages, 2));
        rollout = RatioProcess.start(test);
        stage = RatioProcess.start(test);
    }

    static Evidence ofHarm(OutcomeMode mode, int stages) {
        return new Evidence(RatioTest.of(mode, Alternatives.harm(Direction.DROP, Cell.THRESHOLD, 0)), stages);
    }

    static Evidence ofHealth(OutcomeMode mode) {
        return new Evidence(RatioTest.of(mode, Alternatives.healthy(Direction.DROP, Cell.THRESHOLD)), 1);
    }

    void take(Peek peek) {
        rollout.update(peek.nC, peek.nT, peek.sC, peek.sT);
        if (peek.isNewStage) {
            stage = RatioProcess.start(test);
        }
        if (peek.stage > 0) {
            stage.update(peek.nC, peek.nT, peek.sC, peek.sT);
        }
    }

    /** Says whether the members that are heard reach the limit together, or one of them has reached it alone. */
    boolean reaches(double logLimit, Peek peek, boolean gated) {
        double whole = wholeWeight + rollout.logSup();
        double part = peek.stage == 0 ? Double.NEGATIVE_INFINITY : partWeight + stage.logSup();
        // Together they are at most twice the larger, and never more than when each was at its highest.
        if (Math.max(whole, part) + LOG_TWO < logLimit) {
            return false;
        }
        boolean wholeHeard = !gated || peek.isAtMost(1 - Cell.THRESHOLD);
        boolean partHeard = peek.stage > 0 && (!gated || peek.isStageAtMost(1 - Cell.THRESHOLD));
        boolean alone = (wholeHeard && whole >= logLimit) || (partHeard && part >= logLimit);
        return alone || (wholeHeard && partHeard && together() >= logLimit);
    }

    private double together() {
        double whole = wholeWeight + rollout.logE();
        double part = partWeight + stage.logE();
        double most = Math.max(whole, part);
        return most + StrictMath.log1p(StrictMath.exp(Math.min(whole, part) - most));
    }

    double logE() {
        return rollout.logE();
    }
}
