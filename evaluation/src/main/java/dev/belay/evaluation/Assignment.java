// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

/**
 * How a rollout put a unit into one of its arms.
 *
 * @param epoch epoch of the rollout
 * @param allocation number of its allocation
 * @param clause clause that admitted the unit
 * @param share share of the clause's units that get a treatment, 0 to 1
 * @param bucket the unit's rollout hash, 0 to 1
 */
public record Assignment(int epoch, int allocation, String clause, double share, double bucket) {}
