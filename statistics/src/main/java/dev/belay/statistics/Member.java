// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * One e-process in the sum that may roll a variant back: a guardrail in one scope, with its own weight and gate.
 *
 * @param weight share of the variant's alpha, above 0, at most 1
 * @param logE log evidence now; a number below infinity
 * @param logSup highest log evidence so far; at least {@code logE} once a block was seen, negative infinity before
 * @param gateOpen whether the estimate of this member's own scope is at or beyond its gate now
 */
public record Member(double weight, double logE, double logSup, boolean gateOpen) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public Member {
        Ranges.aboveZeroToOne("weight", weight);
        if (Double.isNaN(logE) || Double.isNaN(logSup)) {
            throw new IllegalArgumentException("logE and logSup must be numbers, were " + logE + " and " + logSup);
        }
    }

    /** Returns the member as it stands for a process and its gate. */
    public static Member of(double weight, EProcess process, boolean gateOpen) {
        return new Member(weight, process.logE(), process.logSup(), gateOpen);
    }

    double logTerm() {
        return StrictMath.log(weight) + logE;
    }

    double logLatched() {
        return StrictMath.log(weight) + logSup;
    }
}
