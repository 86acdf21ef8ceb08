// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Segment;

/**
 * Finds names that lead nowhere, or in a circle. Pure. A prerequisite that does not exist yet is none of them: flags are
 * written one after the other, and until then it does not hold.
 */
public final class References {
    private References() {}

    /**
     * A name that cannot stand.
     *
     * @param field path in the document
     * @param rule what must hold
     * @param value the name
     */
    public record Broken(String field, String rule, String value) {}

    /**
     * Returns what is wrong with the names in a flag.
     *
     * @param others the other flags of its project and environment
     * @param isSegment whether the project has a segment of that name
     */
    public static List<Broken> of(
            FlagDefinition flag, Function<String, Optional<FlagDefinition>> others, Predicate<String> isSegment) {
        List<Broken> broken = new ArrayList<>();
        for (int i = 0; i < flag.rules().size(); i++) {
            List<Condition> when = flag.rules().get(i).when();
            String path = "spec.rules[" + i + "].when";
            unknownSegments(when, path, isSegment, broken);
            for (int j = 0; j < when.size(); j++) {
                String field = path + "[" + j + "].property";
                Optional.ofNullable(when.get(j).flag())
                        .flatMap(other -> circle(flag.flag(), other, name -> prerequisitesOf(others.apply(name))))
                        .ifPresent(way -> broken.add(inACircle(field, way)));
            }
        }
        for (int i = 0; i < flag.prerequisites().size(); i++) {
            prerequisite(flag, flag.prerequisites().get(i), "spec.prerequisites[" + i + "]", others, broken);
        }
        return broken;
    }

    /**
     * Returns what is wrong with the names in a segment.
     *
     * @param others the other segments of its project
     */
    public static List<Broken> of(Segment segment, Function<String, Optional<Segment>> others) {
        List<Broken> broken = new ArrayList<>();
        for (int i = 0; i < segment.anyOf().size(); i++) {
            String path = "spec.anyOf[" + i + "].match";
            List<Condition> conditions = segment.anyOf().get(i);
            unknownSegments(conditions, path, name -> others.apply(name).isPresent(), broken);
            for (int j = 0; j < conditions.size(); j++) {
                String field = path + "[" + j + "].segment";
                Optional.ofNullable(conditions.get(j).segment())
                        .flatMap(name -> circle(segment.segment(), name, other -> named(others.apply(other))))
                        .ifPresent(way -> broken.add(inACircle(field, way)));
            }
        }
        return broken;
    }

    /** Returns the names of the segments that a flag's rules name. */
    public static Stream<String> segmentsOf(FlagDefinition flag) {
        return flag.rules().stream().flatMap(rule -> segmentsOf(rule.when()));
    }

    /** Returns the names of the segments that a segment's rules name. */
    public static Stream<String> segmentsOf(Segment segment) {
        return segment.anyOf().stream().flatMap(References::segmentsOf);
    }

    /** Returns the keys of the flags that a flag looks at: its prerequisites, and those its rules name. */
    public static Stream<String> flagsOf(FlagDefinition flag) {
        return Stream.concat(
                flag.prerequisites().stream().map(Prerequisite::flag),
                flag.rules().stream()
                        .flatMap(rule -> rule.when().stream())
                        .flatMap(condition -> Stream.ofNullable(condition.flag())));
    }

    private static Stream<String> segmentsOf(List<Condition> conditions) {
        return conditions.stream().flatMap(condition -> Stream.ofNullable(condition.segment()));
    }

    private static void unknownSegments(
            List<Condition> conditions, String path, Predicate<String> isSegment, List<Broken> broken) {
        for (int i = 0; i < conditions.size(); i++) {
            String name = conditions.get(i).segment();
            if (name != null && !isSegment.test(name)) {
                broken.add(new Broken(path + "[" + i + "].segment", "must name a segment of the project", name));
            }
        }
    }

    private static void prerequisite(
            FlagDefinition flag,
            Prerequisite prerequisite,
            String path,
            Function<String, Optional<FlagDefinition>> others,
            List<Broken> broken) {
        others.apply(prerequisite.flag()).ifPresent(other -> {
            for (int i = 0; i < prerequisite.variants().size(); i++) {
                String variant = prerequisite.variants().get(i);
                if (other.variant(variant).isEmpty()) {
                    String rule = "must be a variant of flag " + other.flag();
                    broken.add(new Broken(path + ".variants[" + i + "]", rule, variant));
                }
            }
        });
        circle(flag.flag(), prerequisite.flag(), name -> prerequisitesOf(others.apply(name)))
                .ifPresent(way -> broken.add(inACircle(path + ".flag", way)));
    }

    private static Broken inACircle(String field, List<String> way) {
        return new Broken(field, "must not lead back: " + String.join(" needs ", way), way.get(1));
    }

    private static List<String> prerequisitesOf(Optional<FlagDefinition> flag) {
        return flag.stream().flatMap(References::flagsOf).toList();
    }

    private static List<String> named(Optional<Segment> segment) {
        return segment.stream().flatMap(References::segmentsOf).toList();
    }

    /** Returns the way from {@code start} over {@code first} back to {@code start}, if there is one. */
    private static Optional<List<String>> circle(String start, String first, Function<String, List<String>> next) {
        Map<String, String> cameFrom = new HashMap<>(Map.of(first, start));
        Deque<String> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            String name = open.remove();
            if (name.equals(start)) {
                return Optional.of(way(start, cameFrom));
            }
            for (String after : next.apply(name)) {
                if (cameFrom.putIfAbsent(after, name) == null) {
                    open.add(after);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> way(String start, Map<String, String> cameFrom) {
        List<String> way = new ArrayList<>(List.of(start));
        String name = start;
        do {
            name = cameFrom.getOrDefault(name, start);
            way.add(name);
        } while (!name.equals(start));
        Collections.reverse(way);
        return way;
    }
}
