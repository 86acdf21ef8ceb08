// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.belay.contracts.Json;
import dev.belay.contracts.flags.Segment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentChunksTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void leavesAShortListInTheSegment() {
        Segment segment = segment(List.of("ann", "bob"));

        assertThat(SegmentChunks.cut(segment)).containsExactly(segment);
    }

    @Test
    void cutsALongListIntoRecordsUnderTheLimitWithTheHeadLast() {
        List<String> members = IntStream.range(0, 60_000)
                .mapToObj(i -> "user-\"ü" + "0".repeat(10) + i)
                .toList();

        List<Segment> records = SegmentChunks.cut(segment(members));

        Segment head = records.get(records.size() - 1);
        List<Segment> chunks = records.subList(0, records.size() - 1);
        assertThat(head.chunk()).isNull();
        assertThat(head.chunks()).isEqualTo(chunks.size()).isGreaterThan(2);
        assertThat(head.members()).isEmpty();
        assertThat(chunks.stream().flatMap(chunk -> chunk.members().stream())).containsExactlyElementsOf(members);
        assertThat(chunks.stream().map(Segment::key))
                .startsWith("shop/beta/0", "shop/beta/1")
                .doesNotHaveDuplicates();
        assertThat(records).allMatch(record -> Json.write(record).getBytes(StandardCharsets.UTF_8).length < 512_000);
    }

    @Test
    void joinsWhatWasCutAndNothingElse() {
        List<String> members = IntStream.range(0, 60_000)
                .mapToObj(i -> "user-" + "0".repeat(10) + i)
                .toList();
        Segment whole = segment(members);
        Map<String, Segment> seen = new HashMap<>();
        SegmentChunks.cut(whole).forEach(record -> seen.put(record.key(), record));

        assertThat(SegmentChunks.join(seen.get("shop/beta"), seen)).contains(whole);
        assertThat(SegmentChunks.join(seen.get("shop/beta/0"), seen)).isEmpty();
        seen.remove("shop/beta/1");
        assertThat(SegmentChunks.join(seen.get("shop/beta"), seen)).isEmpty();
        assertThat(SegmentChunks.join(segment(List.of("ann")), Map.of())).contains(segment(List.of("ann")));
    }

    private static Segment segment(List<String> members) {
        return new Segment("shop", "beta", 7, "Beta", "user", List.of(), members, 0, null, NOON);
    }
}
