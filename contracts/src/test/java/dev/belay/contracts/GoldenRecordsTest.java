// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Old JSON reads as the present record and back. A changed golden file means a new version of its topic. */
class GoldenRecordsTest {
    @TestFactory
    List<DynamicTest> readsTheGoldenJsonOfEveryTopicAndWritesItUnchanged() {
        return types().map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    JsonNode golden = golden(type);

                    Object record = Json.read(golden.toString(), type);

                    // Through text: a tree made from a record and one read from a file use other number nodes for 1.
                    assertThat(Json.mapper().readTree(Json.write(record))).isEqualTo(golden);
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> ignoresFieldsOfLaterWriters() {
        return types().map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    ObjectNode later = golden(type);
                    later.put("aFieldOfTheFuture", 1);

                    assertThat(Json.read(later.toString(), type))
                            .isEqualTo(Json.read(golden(type).toString(), type));
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> refusesARecordWithoutItsFirstFieldAndNamesTheField() {
        return types().map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    ObjectNode broken = golden(type);
                    String first = broken.fieldNames().next();
                    broken.remove(first);

                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> Json.read(broken.toString(), type))
                            .withMessageContaining(first);
                }))
                .toList();
    }

    private static Stream<? extends Class<?>> types() {
        return Topics.all().stream().map(Topic::type).distinct();
    }

    private static ObjectNode golden(Class<?> type) throws IOException {
        String name = "/golden/" + type.getSimpleName() + ".v1.json";
        try (InputStream in = GoldenRecordsTest.class.getResourceAsStream(name)) {
            assertThat(in).as("golden file " + name).isNotNull();
            return (ObjectNode) Json.mapper().readTree(in);
        }
    }
}
