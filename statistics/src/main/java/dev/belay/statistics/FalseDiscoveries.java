// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of many findings to report so that at most a share of the reported ones is wrong: e-BH (Wang and Ramdas 2022; statistics.md
 * §5), valid under any dependence. For reports across flags; what is rolled back has its own alpha.
 */
public final class FalseDiscoveries {
    private FalseDiscoveries() {}

    /**
     * Returns the findings to report: the k* with the most evidence, k* the largest k whose k-th largest e is at least
     * {@code m / (delta k)}.
     *
     * @param logE log evidence of each finding, numbers below infinity, at the same look
     * @param delta expected share of wrong ones among the reported, in (0, 1)
     * @return indices in ascending order
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static List<Integer> reported(List<Double> logE, double delta) {
        Ranges.insideUnit("delta", delta);
        logE.forEach(each -> Ranges.log("logE", each));
        List<Integer> byEvidence = new ArrayList<>(IntStream.range(0, logE.size())
                .boxed()
                .sorted(Comparator.comparing((Integer index) -> logE.get(index)).reversed())
                .toList());
        double all = StrictMath.log(logE.size() / delta);
        int most = 0;
        for (int k = 1; k <= byEvidence.size(); k++) {
            if (logE.get(byEvidence.get(k - 1)) >= all - StrictMath.log(k)) {
                most = k;
            }
        }
        return byEvidence.subList(0, most).stream().sorted().toList();
    }
}
