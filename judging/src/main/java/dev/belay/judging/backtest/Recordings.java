// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Require;

/** Recordings made from a recording: with harm put in, and with labels that mean nothing. */
public final class Recordings {
    private Recordings() {}

    /** Returns the visits in the order of their times; those at the same time stay in theirs. */
    public static List<RecordedVisit> inTime(List<RecordedVisit> visits) {
        List<RecordedVisit> sorted = new ArrayList<>(visits);
        sorted.sort(Comparator.comparing(RecordedVisit::at));
        return sorted;
    }

    /**
     * Returns the visits with each conversion of the treatment left out with a probability. A number is drawn for every
     * visit of the treatment, so that the same seed leaves out the same ones as {@code belay replay} does.
     *
     * @param probability 0 to 1
     * @throws IllegalArgumentException if the probability is out of range
     */
    public static List<RecordedVisit> thinned(List<RecordedVisit> visits, double probability, long seed) {
        Require.that(probability >= 0 && probability <= 1, "probability", "must lie in [0, 1]", probability);
        SplittableRandom random = new SplittableRandom(seed);
        List<RecordedVisit> all = new ArrayList<>(visits.size());
        for (RecordedVisit visit : visits) {
            boolean isLost = visit.treated() && random.nextDouble() < probability;
            all.add(isLost ? visit.withoutConversion() : visit);
        }
        return all;
    }

    /**
     * Returns the visits with the arms of the units dealt out anew: as many units in each arm as before, and nothing about a
     * unit has to do with its arm. Units that saw both arms are compared by nobody and are left out.
     */
    public static List<RecordedVisit> shuffled(List<RecordedVisit> visits, long seed) {
        Map<String, Boolean> arms = arms(visits);
        List<String> units = new ArrayList<>(arms.keySet());
        boolean[] labels = new boolean[units.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = arms.getOrDefault(units.get(i), false);
        }
        shuffle(labels, new SplittableRandom(seed));
        Map<String, Boolean> dealt = new HashMap<>(units.size() * 2);
        for (int i = 0; i < labels.length; i++) {
            dealt.put(units.get(i), labels[i]);
        }
        List<RecordedVisit> all = new ArrayList<>(visits.size());
        for (RecordedVisit visit : visits) {
            Boolean arm = dealt.get(visit.unit());
            if (arm != null) {
                all.add(visit.withTreated(arm));
            }
        }
        return all;
    }

    /** The arm of each unit that saw one only, in the order of first visits. */
    private static Map<String, Boolean> arms(List<RecordedVisit> visits) {
        Map<String, Boolean> arms = new LinkedHashMap<>();
        Map<String, Boolean> both = new HashMap<>();
        for (RecordedVisit visit : visits) {
            Boolean before = arms.putIfAbsent(visit.unit(), visit.treated());
            if (before != null && before != visit.treated()) {
                both.put(visit.unit(), true);
            }
        }
        arms.keySet().removeAll(both.keySet());
        return arms;
    }

    /** Fisher and Yates. */
    private static void shuffle(boolean[] labels, SplittableRandom random) {
        for (int i = labels.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            boolean label = labels[i];
            labels[i] = labels[j];
            labels[j] = label;
        }
    }
}
