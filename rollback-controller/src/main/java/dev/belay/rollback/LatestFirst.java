// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.belay.http.Page;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a list whose latest items come first.
 *
 * @param at when an item happened
 * @param id what tells items of one moment apart
 */
record LatestFirst<T>(Function<T, Instant> at, Function<T, String> id) {

    Page<T> page(Stream<T> items, int limit, @Nullable String after) {
        List<T> sorted = items.sorted(Comparator.comparing(this::key)).toList();
        return Page.of(sorted, this::key, limit, after);
    }

    /** Pages ascend in their keys, so the key of a later item must be smaller. */
    private String key(T item) {
        long left = Long.MAX_VALUE - at.apply(item).toEpochMilli();
        return String.format(Locale.ROOT, "%019d %s", left, id.apply(item));
    }
}
