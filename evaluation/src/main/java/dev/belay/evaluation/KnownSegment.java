// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

    /** @param records what it was made of: the head, then its chunks */
    private record Whole(String unitKind, List<List<Condition>> anyOf, Set<String> members, List<Segment> records) {}

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

    /**
     * Returns what is known after a record was deleted. The others stay: they have keys of their own, and may be newer.
     *
     * @param chunk index of the chunk; null for the head, and then nobody is in
     */
    public KnownSegment without(@Nullable Integer chunk) {
        if (chunk == null) {
            return new KnownSegment(null, chunks, null);
        }
        Map<Integer, Segment> fewer = new TreeMap<>(chunks);
        fewer.remove(chunk);
        return new KnownSegment(head, fewer, whole);
    }

    /** Returns whether no record of it is known. */
    public boolean isEmpty() {
        return head == null && chunks.isEmpty();
    }

    /** Returns whether both came from the same records in force, so that they decide alike. */
    public boolean decidesLike(KnownSegment other) {
        return records().equals(other.records());
    }

    /** Returns the records in force: the head, then its chunks; empty while no version is whole. */
    public List<Segment> records() {
        return whole == null ? List.of() : whole.records;
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
        List<Segment> records = new ArrayList<>(List.of(newest));
        for (int i = 0; i < newest.chunks(); i++) {
            Segment part = parts.get(i);
            if (part == null || part.version() != newest.version()) {
                return new KnownSegment(newest, parts, whole);
            }
            members.addAll(part.members());
            records.add(part);
        }
        return new KnownSegment(
                newest, parts, new Whole(newest.unitKind(), newest.anyOf(), members, List.copyOf(records)));
    }
}
