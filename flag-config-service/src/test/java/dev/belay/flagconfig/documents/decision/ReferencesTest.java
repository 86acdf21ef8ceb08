// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Variant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReferencesTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void findsSegmentsThatAreNotThere() {
        FlagDefinition flag = flag("a", List.of("known", "unknown"));

        assertThat(References.of(flag, name -> Optional.empty(), Set.of("known")::contains))
                .containsExactly(new References.Broken(
                        "spec.rules[0].when[1].segment", "must name a segment of the project", "unknown"));
    }

    @Test
    void letsAPrerequisiteComeLaterButHoldsItsVariantsAgainstIt() {
        FlagDefinition needing = flag("a", List.of(), "b");

        assertThat(broken(needing)).isEmpty();
        assertThat(broken(needing, flag("b", List.of()))).isEmpty();
        FlagDefinition wrong = withPrerequisites("a", List.of(), List.of(new Prerequisite("b", List.of("on", "blue"))));
        assertThat(broken(wrong, flag("b", List.of())))
                .containsExactly(new References.Broken(
                        "spec.prerequisites[0].variants[1]", "must be a variant of flag b", "blue"));
    }

    @Test
    void showsTheWayOfACircle() {
        FlagDefinition a = flag("a", List.of(), "x", "b");

        assertThat(broken(a, flag("b", List.of(), "c"), flag("c", List.of(), "d", "a"), flag("d", List.of())))
                .containsExactly(new References.Broken(
                        "spec.prerequisites[1].flag", "must not lead back: a needs b needs c needs a", "b"));
    }

    @Test
    void isNotCaughtInACircleOfOthers() {
        assertThat(broken(flag("a", List.of(), "b"), flag("b", List.of(), "c"), flag("c", List.of(), "b")))
                .isEmpty();
    }

    @Test
    void findsCirclesOfSegments() {
        Map<String, Segment> others = Map.of("b", segment("b", "a"), "c", segment("c"));
        Function<String, Optional<Segment>> find = name -> Optional.ofNullable(others.get(name));

        assertThat(References.of(segment("a", "c", "b", "d"), find))
                .containsExactly(
                        new References.Broken(
                                "spec.anyOf[0].match[2].segment", "must name a segment of the project", "d"),
                        new References.Broken(
                                "spec.anyOf[0].match[1].segment", "must not lead back: a needs b needs a", "b"));
    }

    private static List<References.Broken> broken(FlagDefinition flag, FlagDefinition... others) {
        return References.of(
                flag,
                name -> Stream.of(others)
                        .filter(other -> other.flag().equals(name))
                        .findFirst(),
                name -> true);
    }

    private static Segment segment(String name, String... named) {
        List<List<Condition>> anyOf = named.length == 0
                ? List.of()
                : List.of(Stream.of(named).map(Condition::inSegment).toList());
        return new Segment("shop", name, 1, null, "user", anyOf, List.of(), 0, null, NOON);
    }

    private static FlagDefinition flag(String name, List<String> segments, String... prerequisites) {
        return withPrerequisites(
                name,
                segments,
                Stream.of(prerequisites)
                        .map(flag -> new Prerequisite(flag, List.of("on")))
                        .toList());
    }

    private static FlagDefinition withPrerequisites(
            String name, List<String> segments, List<Prerequisite> prerequisites) {
        List<Condition> conditions = segments.stream().map(Condition::inSegment).toList();
        return new FlagDefinition(
                "shop",
                "production",
                name,
                1,
                null,
                null,
                List.of(),
                FlagType.BOOLEAN,
                true,
                false,
                List.of(new Variant("on", BooleanNode.TRUE), new Variant("off", BooleanNode.FALSE)),
                "off",
                Serve.one("off"),
                segments.isEmpty() ? List.of() : List.of(new TargetingRule(null, conditions, null, Serve.one("on"))),
                prerequisites,
                null,
                null,
                "user",
                FlagDefinition.ExposeOn.EVALUATION,
                null,
                null,
                NOON);
    }
}
