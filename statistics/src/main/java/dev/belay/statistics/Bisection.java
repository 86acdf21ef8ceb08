// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.function.DoubleUnaryOperator;

/** Finds a root to the last bit. */
final class Bisection {
    /** More halvings than a double has bits. */
    private static final int HALVINGS = 200;

    private Bisection() {}

    /**
     * Returns where the function turns from negative to not negative.
     *
     * @param negative a point where it is negative, on either side
     * @param reached a point where it is not
     * @return the last point on the side of {@code reached}
     */
    static double rootBetween(double negative, double reached, DoubleUnaryOperator function) {
        double outside = negative;
        double inside = reached;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (outside + inside) / 2;
            if (middle == outside || middle == inside) {
                break;
            }
            if (function.applyAsDouble(middle) >= 0) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return inside;
    }
}
