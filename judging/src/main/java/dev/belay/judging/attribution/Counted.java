// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

/**
 * Events of one counter in one second.
 *
 * @param counter as {@link ComparedPlan.Counter#key} says
 * @param second seconds since 1970 by the events' own times
 */
public record Counted(String counter, long second) {}
