// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word somebody meant. */
final class Nearest {
    private static final int LETTERS_PER_SLIP = 3;

    private Nearest() {}

    /** Returns the known word with the fewest slips of the finger, if they are few for its length. */
    static Optional<String> to(String written, Collection<String> known) {
        return known.stream()
                .filter(word -> slips(written, word) <= Math.max(1, word.length() / LETTERS_PER_SLIP))
                .filter(word -> slips(written, word) < word.length())
                .min(Comparator.comparingInt((String word) -> slips(written, word))
                        .thenComparing(word -> !word.startsWith(written)));
    }

    /** Returns a part of a sentence that helps: the nearest word, or all of them. */
    static String hint(String written, Collection<String> known) {
        return to(written, known)
                .map(word -> "; did you mean " + word + "?")
                .orElseGet(() -> known.isEmpty() ? "" : "; known here: " + String.join(", ", known));
    }

    /** Levenshtein's distance, letter case aside. */
    private static int slips(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
