// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

/**
 * The smallest group of units that always move together: one variant of one stratum, and for control the stage at which
 * their buckets become treated. At a raise whole cells leave the comparison, so nobody has to look for the units.
 *
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param variant what the units saw
 * @param band stage at which they become treated, {@link ComparedPlan#NEVER} for treated units and those no stage treats
 */
public record Cell(int allocation, String clause, String variant, int band) {}
