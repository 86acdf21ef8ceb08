// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/topics.md} and {@code docs/asyncapi.yaml} say what the constants say, word for word. */
class TopicDocsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void listsEveryTopicInTheTable() throws IOException {
        assertThat(Files.readString(DOCS.resolve("topics.md")))
                .as("paste this table into docs/topics.md")
                .contains(table());
    }

    @Test
    void describesEveryTopicInAsyncApi() throws IOException {
        assertThat(Files.readString(DOCS.resolve("asyncapi.yaml")))
                .as("this is what docs/asyncapi.yaml must hold")
                .isEqualTo(AsyncApi.document());
    }

    private static String table() {
        String rows = Topics.all().stream().map(TopicDocsTest::row).collect(Collectors.joining("\n"));
        return "| topic | key | value | partitions | cleanup | retention | timestamps | owner |\n"
                + "|---|---|---|---|---|---|---|---|\n" + rows + "\n";
    }

    private static String row(Topic<?> topic) {
        String retention =
                topic.retention() == null ? "for ever" : topic.retention().toDays() + " d";
        return String.format(
                "| `%s` | %s | `%s` | %d | %s | %s | %s | %s |",
                topic.name(),
                topic.keyFormat(),
                topic.type().getSimpleName(),
                topic.partitions(),
                AsyncApi.lower(topic.cleanup()),
                retention,
                AsyncApi.lower(topic.timestamps()),
                topic.owner());
    }
}
