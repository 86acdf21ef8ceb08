// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A version as semver.org orders them, read as PostHog's server reads it: a leading {@code v} and leading zeros are
 * dropped, missing parts are zero.
 */
record SemanticVersion(long major, long minor, long patch, String preRelease, String build)
        implements Comparable<SemanticVersion> {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{1,18})(?:\\.(\\d{1,18}))?(?:\\.(\\d{1,18}))?(?:-([0-9A-Za-z.-]+))?(?:\\+([0-9A-Za-z.-]+))?");
    private static final Pattern WILDCARD = Pattern.compile("(\\d{1,18}\\.)?(\\d{1,18}\\.)?\\*(\\.\\*)*");

    /** Returns the version a text means; null when it means none. */
    static @Nullable SemanticVersion parse(String text) {
        Matcher form = FORM.matcher(withoutPrefix(text));
        if (!form.matches()) {
            return null;
        }
        return new SemanticVersion(
                number(form.group(1)),
                number(form.group(2)),
                number(form.group(3)),
                form.group(4) == null ? "" : form.group(4),
                form.group(5) == null ? "" : form.group(5));
    }

    /** {@code ~1.2.3}: from 1.2.3 to before 1.3.0. */
    static boolean satisfiesTilde(String text, String requirement) {
        SemanticVersion from = parse(requirement);
        return from != null && lies(parse(text), from, core(from.major, from.minor + 1, 0));
    }

    /** {@code ^1.2.3}: up to before the next change of the first part that is not zero. */
    static boolean satisfiesCaret(String text, String requirement) {
        SemanticVersion from = parse(requirement);
        return from != null && lies(parse(text), from, from.nextBreaking());
    }

    /** {@code 1.2.*}, {@code 1.*}, {@code *}. */
    static boolean satisfiesWildcard(String text, String requirement) {
        Matcher form = WILDCARD.matcher(withoutPrefix(requirement));
        if (!form.matches()) {
            return satisfiesCaret(text, requirement);
        }
        SemanticVersion version = parse(text);
        return version != null
                && version.preRelease.isEmpty()
                && matches(form.group(1), version.major)
                && matches(form.group(2), version.minor);
    }

    private static boolean matches(@Nullable String part, long actual) {
        return part == null || number(part.substring(0, part.length() - 1)) == actual;
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int order = compareCore(other);
        if (order == 0) {
            order = comparePreRelease(preRelease, other.preRelease);
        }
        return order == 0 ? build.compareTo(other.build) : order;
    }

    private int compareCore(SemanticVersion other) {
        int order = Long.compare(major, other.major);
        order = order == 0 ? Long.compare(minor, other.minor) : order;
        return order == 0 ? Long.compare(patch, other.patch) : order;
    }

    private SemanticVersion nextBreaking() {
        if (major > 0) {
            return core(major + 1, 0, 0);
        }
        return minor > 0 ? core(0, minor + 1, 0) : core(0, 0, patch + 1);
    }

    /** A pre-release satisfies a range only when the range begins at a pre-release of the same version. */
    private static boolean lies(@Nullable SemanticVersion version, SemanticVersion from, SemanticVersion before) {
        if (version == null) {
            return false;
        }
        if (!version.preRelease.isEmpty() && (from.preRelease.isEmpty() || version.compareCore(from) != 0)) {
            return false;
        }
        boolean notBelow = version.compareCore(from) != 0
                ? version.compareCore(from) > 0
                : comparePreRelease(version.preRelease, from.preRelease) >= 0;
        return notBelow && version.compareCore(before) < 0;
    }

    private static int comparePreRelease(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(left.isEmpty(), right.isEmpty());
        }
        String[] lefts = left.split("\\.", -1);
        String[] rights = right.split("\\.", -1);
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int order = compareIdentifier(lefts[i], rights[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(lefts.length, rights.length);
    }

    private static int compareIdentifier(String left, String right) {
        boolean leftNumeric = isNumeric(left);
        boolean rightNumeric = isNumeric(right);
        if (leftNumeric && rightNumeric) {
            int order = Integer.compare(left.length(), right.length());
            return order == 0 ? left.compareTo(right) : order;
        }
        return leftNumeric == rightNumeric ? left.compareTo(right) : Boolean.compare(rightNumeric, leftNumeric);
    }

    private static boolean isNumeric(String identifier) {
        return !identifier.isEmpty() && identifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static SemanticVersion core(long major, long minor, long patch) {
        return new SemanticVersion(major, minor, patch, "", "");
    }

    private static String withoutPrefix(String text) {
        return (text.startsWith("v") ? text.substring(1) : text).trim();
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
