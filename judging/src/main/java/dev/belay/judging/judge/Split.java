// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

/**
 * How units are split between the arms, and how they were meant to be.
 *
 * @param control units of control ever exposed in a stratum with both arms
 * @param treatment units of the treatment
 * @param expectedTreatment units of the treatment that the clauses' shares would make of them
 * @param logEvidence logarithm of the evidence that they are not split so
 */
public record Split(long control, long treatment, double expectedTreatment, double logEvidence) {
    /** Returns units of control that the clauses' shares would make of them. */
    public double expectedControl() {
        return control + treatment - expectedTreatment;
    }
}
