// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.contracts.flags.Segment;

/** Puts segments into an order in which each comes after those it names, by name otherwise. Pure. */
public final class SegmentOrder {
    private final Map<String, Segment> all = new TreeMap<>();
    private final Map<String, Segment> ordered = new LinkedHashMap<>();

    private SegmentOrder() {}

    /** Returns the same segments; those that go round in a circle come somewhere. */
    public static List<Segment> of(Collection<Segment> segments) {
        SegmentOrder order = new SegmentOrder();
        segments.forEach(segment -> order.all.put(segment.key(), segment));
        order.all.values().forEach(segment -> order.add(segment, 0));
        return List.copyOf(order.ordered.values());
    }

    private void add(Segment segment, int depth) {
        if (ordered.containsKey(segment.key()) || depth > all.size()) {
            return;
        }
        References.segmentsOf(segment)
                .sorted()
                .map(name -> all.get(segment.project() + "/" + name))
                .filter(named -> named != null && !named.key().equals(segment.key()))
                .forEach(named -> add(named, depth + 1));
        ordered.put(segment.key(), segment);
    }
}
