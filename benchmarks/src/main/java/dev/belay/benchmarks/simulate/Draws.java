// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.SplittableRandom;

/** Random numbers of one rollout; the same seed gives the same rollout on every machine and with any number of threads. */
final class Draws {
    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final double HALF = 0.5;

    private final SplittableRandom random;

    Draws(long seed, String cell, int rollout) {
        random = new SplittableRandom(seed * ODD + cell.hashCode() * 31L + rollout);
    }

    double uniform() {
        return random.nextDouble();
    }

    /** Returns how many of n happen with probability p, by inversion: n is small here. */
    int binomial(int n, double p) {
        if (p > HALF) {
            return n - binomial(n, 1 - p);
        }
        if (n == 0 || p <= 0) {
            return 0;
        }
        double odds = p / (1 - p);
        double chance = StrictMath.exp(n * StrictMath.log1p(-p));
        double rest = random.nextDouble();
        int k = 0;
        while (rest > chance && k < n) {
            rest -= chance;
            k++;
            chance *= odds * (n - k + 1) / k;
        }
        return k;
    }
}
