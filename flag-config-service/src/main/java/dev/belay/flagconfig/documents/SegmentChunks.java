// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Json;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Segment;
import org.jspecify.annotations.Nullable;

/** Cuts a segment with a long list into records under 512 kB. Pure. */
public final class SegmentChunks {
    private static final int MAX_BYTES = 400_000;

    /** Quotes and comma around an id in JSON. */
    private static final int BYTES_AROUND = 3;

    private SegmentChunks() {}

    /** Returns the segment itself when it is small, else its chunks in order and then its head. */
    public static List<Segment> cut(Segment whole) {
        if (bytes(whole) <= MAX_BYTES) {
            return List.of(whole);
        }
        List<Segment> records = new ArrayList<>();
        List<String> members = new ArrayList<>();
        int size = 0;
        for (String member : whole.members()) {
            int more = bytes(member) + BYTES_AROUND;
            if (size + more > MAX_BYTES) {
                records.add(chunk(whole, members, records.size()));
                members = new ArrayList<>();
                size = 0;
            }
            members.add(member);
            size += more;
        }
        records.add(chunk(whole, members, records.size()));
        records.add(part(whole, whole.title(), whole.anyOf(), List.of(), records.size(), null));
        return records;
    }

    /**
     * Returns the segment that was cut into a head and its chunks; empty for a chunk, and when chunks of the head's version
     * are missing.
     *
     * @param seen records by key
     */
    static Optional<Segment> join(Segment record, Map<String, Segment> seen) {
        if (record.chunk() != null) {
            return Optional.empty();
        }
        List<String> members = new ArrayList<>(record.members());
        for (int i = 0; i < record.chunks(); i++) {
            Segment chunk = seen.get(record.key() + "/" + i);
            if (chunk == null || chunk.version() != record.version()) {
                return Optional.empty();
            }
            members.addAll(chunk.members());
        }
        return Optional.of(part(record, record.title(), record.anyOf(), members, 0, null));
    }

    private static Segment chunk(Segment whole, List<String> members, int index) {
        return part(whole, null, List.of(), members, 0, index);
    }

    private static Segment part(
            Segment whole,
            @Nullable String title,
            List<List<Condition>> anyOf,
            List<String> members,
            int chunks,
            @Nullable Integer chunk) {
        return new Segment(
                whole.project(),
                whole.segment(),
                whole.version(),
                title,
                whole.unitKind(),
                anyOf,
                members,
                chunks,
                chunk,
                whole.updatedAt());
    }

    private static int bytes(Object value) {
        return Json.write(value).getBytes(StandardCharsets.UTF_8).length;
    }
}
