// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Segment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentOrderTest {

    @Test
    void eachComesAfterThoseItNamesAndByNameOtherwise() {
        assertThat(order(segment("a", "z"), segment("z", "m"), segment("m"), segment("b")))
                .containsExactly("m", "z", "a", "b")
                .isEqualTo(order(segment("b"), segment("m"), segment("z", "m"), segment("a", "z")));
    }

    @Test
    void aCircleLosesNobody() {
        assertThat(order(segment("a", "b"), segment("b", "a"))).containsExactlyInAnyOrder("a", "b");
    }

    private static List<String> order(Segment... segments) {
        return SegmentOrder.of(List.of(segments)).stream().map(Segment::segment).toList();
    }

    private static Segment segment(String name, String... named) {
        List<Condition> conditions = Stream.of(named).map(Condition::inSegment).toList();
        return new Segment("shop", name, 1, null, "user", List.of(conditions), List.of(), 0, null, Instant.EPOCH);
    }
}
