// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A segment put together from its head and chunks. Until all chunks of a new version are there the last whole version
 * stays in force. Immutable; records may come in any order and more than once.
 */
public final class KnownSegment {
    public static final KnownSegment UNKNOWN = new KnownSegment(null, Map.of(), null);

    private final @Nullable Segment head;
    private final Map<Integer, Segment> chunks;
    private final @Nullable Whole whole;

    private record Whole(String unitKind, List<List<Condition>> anyOf, Set<String> members) {}

    private KnownSegment(@Nullable Segment head, Map<Integer, Segment> chunks, @Nullable Whole whole) {
        this.head = head;
        this.chunks = chunks;
        this.whole = whole;
    }

    /** Returns what is known after one more record, a head or a chunk. */
    public KnownSegment on(Segment record) {
        Integer index = record.chunk();
        Segment known = index == null ? head : chunks.get(index);
        if (known != null && known.version() >= record.version()) {
            return this;
        }
        if (index == null) {
            return assembled(record, chunks);
        }
        Map<Integer, Segment> more = new TreeMap<>(chunks);
        more.put(index, record);
        return assembled(head, more);
    }

    /** Returns the records it was made of: the head, then its chunks. */
    public List<Segment> records() {
        List<Segment> parts = List.copyOf(chunks.values());
        if (head == null) {
            return parts;
        }
        return Stream.concat(Stream.of(head), parts.stream()).toList();
    }

    String unitKind() {
        return whole == null ? "" : whole.unitKind;
    }

    List<List<Condition>> anyOf() {
        return whole == null ? List.of() : whole.anyOf;
    }

    boolean lists(@Nullable String unitId) {
        return whole != null && unitId != null && whole.members.contains(unitId);
    }

    private KnownSegment assembled(@Nullable Segment newest, Map<Integer, Segment> parts) {
        if (newest == null) {
            return new KnownSegment(null, parts, whole);
        }
        Set<String> members = new HashSet<>(newest.members());
        for (int i = 0; i < newest.chunks(); i++) {
            Segment part = parts.get(i);
            if (part == null || part.version() != newest.version()) {
                return new KnownSegment(newest, parts, whole);
            }
            members.addAll(part.members());
        }
        return new KnownSegment(newest, parts, new Whole(newest.unitKind(), newest.anyOf(), members));
    }
}
