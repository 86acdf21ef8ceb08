// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items in the list's order
 * @param next value of {@code after} for the next part; null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /** Most items in a page. */
    public static final int MAX = 1000;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Returns the page after a cursor.
     *
     * @param sorted the whole list, in the natural order of {@code key}
     * @param key unique text of an item
     * @param limit how many, 1 to 1000
     * @param after cursor of the page before; null or empty for the first page
     * @throws IllegalArgumentException if limit or cursor is not valid
     */
    public static <T> Page<T> of(List<T> sorted, Function<T, String> key, int limit, @Nullable String after) {
        Require.that(limit >= 1 && limit <= MAX, "limit", "must lie in [1, " + MAX + "]", limit);
        String last = after == null || after.isEmpty() ? null : decode(after);
        List<T> rest = sorted.stream()
                .filter(item -> last == null || key.apply(item).compareTo(last) > 0)
                .toList();
        if (rest.size() <= limit) {
            return new Page<>(rest, null);
        }
        return new Page<>(rest.subList(0, limit), encode(key.apply(rest.get(limit - 1))));
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("after must be the next of a page, was " + cursor, e);
        }
    }
}
