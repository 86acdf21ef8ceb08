// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.List;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Operator;
import dev.belay.contracts.flags.Segment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KnownSegmentTest {
    private final Facts facts = new Facts();

    @Test
    void aUnitOnTheListIsIn() {
        facts.with(Facts.members("beta", 1, "a", "b"));
        assertThat(in("beta", Facts.user("a"))).isTrue();
        assertThat(in("beta", Facts.user("c"))).isFalse();
        assertThat(in("unknown", Facts.user("a"))).isFalse();
    }

    @Test
    void aNewVersionHoldsOnlyWhenAllItsChunksAreThere() {
        facts.with(Facts.members("beta", 1, "old")).with(head(2, 2)).with(chunk(2, 0, "x"));
        assertThat(in("beta", Facts.user("old"))).isTrue();
        assertThat(in("beta", Facts.user("x"))).isFalse();
        facts.with(chunk(2, 1, "y"));
        assertThat(in("beta", Facts.user("old"))).isFalse();
        assertThat(in("beta", Facts.user("x"))).isTrue();
        assertThat(in("beta", Facts.user("y"))).isTrue();
    }

    @Test
    void chunksMayComeBeforeTheirHead() {
        facts.with(chunk(1, 0, "x")).with(head(1, 1)).with(chunk(1, 0, "x"));
        assertThat(in("beta", Facts.user("x"))).isTrue();
    }

    @Test
    void aDeletionTakesNothingWithItThatWasWrittenLater() {
        KnownSegment remade = KnownSegment.UNKNOWN
                .on(chunk(1, 0, "old"))
                .on(head(1, 1))
                .on(chunk(3, 0, "new"))
                .without(null)
                .on(head(3, 1));
        assertThat(remade.lists("new")).isTrue();
        assertThat(remade.lists("old")).isFalse();
    }

    @Test
    void aDeletedSegmentHasNobodyInIt() {
        KnownSegment known = KnownSegment.UNKNOWN.on(chunk(1, 0, "x")).on(head(1, 1));
        KnownSegment deleted = known.without(null);
        assertThat(deleted.lists("x")).isFalse();
        assertThat(deleted.records()).isEmpty();
        assertThat(deleted.isEmpty()).isFalse();
        assertThat(deleted.without(0).isEmpty()).isTrue();
    }

    @Test
    void itIsKeptAsTheLastVersionThatWasWhole() {
        KnownSegment known = KnownSegment.UNKNOWN.on(chunk(1, 0, "old")).on(head(1, 1));
        KnownSegment half = known.on(head(2, 2)).on(chunk(2, 0, "x"));
        assertThat(half.decidesLike(known)).isTrue();
        KnownSegment kept = KnownSegment.UNKNOWN;
        for (Segment record : half.records()) {
            kept = kept.on(record);
        }
        assertThat(kept.lists("old")).isTrue();
        assertThat(half.on(chunk(2, 1, "y")).decidesLike(known)).isFalse();
    }

    @Test
    void anyRuleWillDo() {
        facts.with(rules("staff", List.of(property("a@x"), property("@shop"))));
        assertThat(in("staff", Facts.user("u", "email", "me@shop"))).isTrue();
        assertThat(in("staff", Facts.user("u", "email", "me@home"))).isFalse();
    }

    @Test
    void segmentsMayNameSegmentsButNotThemselves() {
        facts.with(Facts.members("beta", 1, "a"))
                .with(rules("outer", List.of(List.of(Condition.inSegment("beta")))))
                .with(rules("loop", List.of(List.of(Condition.inSegment("loop")))));
        assertThat(in("outer", Facts.user("a"))).isTrue();
        assertThat(in("loop", Facts.user("a"))).isFalse();
    }

    @Test
    void aNegatedSegmentHoldsForEveryoneElse() {
        facts.with(Facts.members("beta", 1, "a"))
                .with(rules("others", List.of(List.of(new Condition(null, null, null, "beta", true)))));
        assertThat(in("others", Facts.user("a"))).isFalse();
        assertThat(in("others", Facts.user("b"))).isTrue();
    }

    private boolean in(String segment, EvaluationContext context) {
        return new Conditions("shop", facts, context, flag -> null).inSegment(segment);
    }

    private static List<Condition> property(String ending) {
        return List.of(Condition.of("email", Operator.ENDS_WITH, TextNode.valueOf(ending)));
    }

    private static Segment rules(String name, List<List<Condition>> anyOf) {
        return new Segment("shop", name, 1, null, "user", anyOf, List.of(), 0, null, Facts.NOW);
    }

    private static Segment head(long version, int chunks) {
        return new Segment("shop", "beta", version, null, "user", List.of(), List.of(), chunks, null, Facts.NOW);
    }

    private static Segment chunk(long version, int index, String id) {
        return new Segment("shop", "beta", version, null, "user", List.of(), List.of(id), 0, index, Facts.NOW);
    }
}
