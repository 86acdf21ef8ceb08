// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.util.List;

/** Decides what of a channel's due messages is sent next: one, or in a storm all that are alike, as one. */
public final class Folding {
    /** So many alike are a storm. */
    public static final int FROM = 5;

    private Folding() {}

    /**
     * A message that is due.
     *
     * @param id of the delivery
     * @param occasion what it tells
     * @param isNotice whether it can be told together with others
     */
    public record Due(long id, Occasion occasion, boolean isNotice) {}

    /** Returns the ids of what is sent next, in their order; empty when nothing is due. */
    public static List<Long> next(Medium medium, List<Due> due) {
        if (due.isEmpty()) {
            return List.of();
        }
        Due first = due.get(0);
        List<Long> alike = due.stream()
                .filter(other -> other.isNotice() && other.occasion() == first.occasion())
                .map(Due::id)
                .toList();
        boolean isStorm = medium.folds() && first.isNotice() && alike.size() >= FROM;
        return isStorm ? alike : List.of(first.id());
    }
}
