// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Searches a text for a pattern in bounded time: a pattern that backtracks without end finds nothing instead of holding
 * up the edge.
 */
final class BoundedRegex {
    private static final int MAX_STEPS = 200_000;
    private static final int MAX_PATTERNS = 1_000;
    private static final Map<String, Optional<Pattern>> COMPILED = new ConcurrentHashMap<>();

    /** What a search came to. */
    enum Result {
        FOUND,
        NOT_FOUND,
        /** The pattern is none, or takes too long. */
        FAILED
    }

    private BoundedRegex() {}

    static Result finds(String pattern, String text) {
        Optional<Pattern> compiled = compiled(pattern);
        if (compiled.isEmpty()) {
            return Result.FAILED;
        }
        try {
            boolean found =
                    compiled.get().matcher(new Metered(text, new int[1])).find();
            return found ? Result.FOUND : Result.NOT_FOUND;
        } catch (TooManySteps | StackOverflowError e) {
            return Result.FAILED;
        }
    }

    private static Optional<Pattern> compiled(String pattern) {
        if (COMPILED.size() > MAX_PATTERNS) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(pattern, BoundedRegex::compile);
    }

    private static Optional<Pattern> compile(String pattern) {
        try {
            return Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** Counts how often the matcher looks at a character. */
    private record Metered(CharSequence text, int[] steps) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Metered(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
