// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.statistics.Interval;

/**
 * A segment behaves differently from the rest.
 *
 * @param own interval of the segment's ratio
 * @param rest interval of the ratio of all other segments of the dimension
 */
public record Difference(Interval own, Interval rest) {}
