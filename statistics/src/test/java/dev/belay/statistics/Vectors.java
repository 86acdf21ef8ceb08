// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The reference vectors and the tolerance they are held to. */
final class Vectors {
    private static final JsonNode ALL = read();

    private Vectors() {}

    /** Elements of a group; fails when the group is missing or empty, so that nothing is skipped in silence. */
    static Stream<JsonNode> group(String name) {
        JsonNode group = ALL.path(name);
        assertThat(group.isEmpty()).as("group %s is empty", name).isFalse();
        return each(group);
    }

    static JsonNode single(String name) {
        JsonNode group = ALL.path(name);
        assertThat(group.isObject()).as("group %s is an object", name).isTrue();
        return group;
    }

    /** Names of everything in the file. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        ALL.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Says whether a test of this package names the group where it reads one. */
    static boolean isRead(String group) {
        Path tests = Path.of("src/test/java/dev/belay/statistics");
        try (Stream<Path> files = Files.list(tests)) {
            return files.anyMatch(
                    file -> text(file).matches("(?s).*Vectors\\.(group|single)\\(\"" + group + "\"\\).*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double number(JsonNode node, String field) {
        assertThat(node.path(field).isNumber()).as(field).isTrue();
        return node.get(field).doubleValue();
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Absolute below one, relative above: 1e-9 * max(1, |want|). A null stands for the given infinity or undefined. */
    static void assertClose(double got, JsonNode want, double whenNull, String what) {
        if (want.isNull()) {
            assertThat(got).as(what).isEqualTo(Double.valueOf(whenNull));
        } else {
            assertClose(got, want.doubleValue(), what);
        }
    }

    static void assertClose(double got, JsonNode want, String what) {
        assertThat(want.isNumber()).as("%s has a number to compare with", what).isTrue();
        assertClose(got, want.doubleValue(), what);
    }

    static void assertClose(double got, double want, String what) {
        assertThat(Math.abs(got - want))
                .as("%s: got %s, want %s", what, got, want)
                .isLessThanOrEqualTo(1e-9 * Math.max(1, Math.abs(want)));
    }

    static List<Double> doubles(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.doubleValue()));
        return numbers;
    }

    static Direction direction(JsonNode test) {
        return Direction.valueOf(test.get("direction").textValue());
    }

    static OutcomeMode mode(JsonNode test) {
        String name = test.get("mode").textValue();
        return name.equals("POISSON") ? OutcomeMode.ARRIVAL : OutcomeMode.valueOf(name);
    }

    static Stratum counts(JsonNode numbers) {
        return new Stratum(
                numbers.get(0).longValue(),
                numbers.get(1).longValue(),
                numbers.get(2).longValue(),
                numbers.get(3).longValue());
    }

    static List<Stratum> strata(JsonNode test) {
        return each(test.get("strata")).map(Vectors::counts).toList();
    }

    static void update(RatioProcess process, Stratum block) {
        process.update(block.controlUnits(), block.treatmentUnits(), block.controlEvents(), block.treatmentEvents());
    }

    private static JsonNode read() {
        try (InputStream file = Vectors.class.getResourceAsStream("/vectors.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
