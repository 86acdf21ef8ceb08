// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.http.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventBodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":\"a\"},{\"id\":\"b\"}]",
                " \r\n [{\"id\":\"a\"},\n{\"id\":\"b\"}]\n",
                "{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n",
                "\n\r\n{\"id\":\"a\"}\r\n \r\n{\"id\":\"b\"}",
                "\uFEFF{\"id\":\"a\"}\n{\"id\":\"b\"}"
            })
    void anArrayAndLinesAreTheSame(String body) {
        assertThat(split(body))
                .extracting(event -> event.path("id").textValue())
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \r\n", "[]", "[ ]\n"})
    void nothingIsNoEvent(String body) {
        assertThat(split(body)).isEmpty();
    }

    @Test
    void aBrokenLineIsNoEventAndStopsNoOther() {
        assertThat(split("{\"id\":\n{\"id\":\"b\"}"))
                .extracting(JsonNode::isObject)
                .containsExactly(false, true);
    }

    @Test
    void twoObjectsOnOneLineAreNoEvent() {
        assertThat(split("{\"id\":\"a\"} {\"id\":\"b\"}\n{\"id\":\"c\"}"))
                .extracting(JsonNode::isObject)
                .containsExactly(false, true);
    }

    @Test
    void oneObjectMayTakeSeveralLines() {
        assertThat(split("{\n  \"id\": \"a\"\n}\n"))
                .singleElement()
                .satisfies(event -> assertThat(event.path("id").textValue()).isEqualTo("a"));
    }

    @Test
    void aBrokenCharacterIsNotGuessed() {
        byte[] body = bytes("{\"id\":\"x\"}\n");
        body[7] = (byte) 0xff;
        assertThat(EventBody.split(body, null)).singleElement().returns(false, JsonNode::isObject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"id\":", "[{}] {}", "[{}],"})
    void aBrokenArrayIsRefusedAsAWhole(String body) {
        assertRefused(400, bytes(body), null);
    }

    @Test
    void gzipIsUnpackedWhetherItIsNamedOrNot() throws IOException {
        byte[] packed = packed(bytes("{\"id\":\"a\"}\n{\"id\":\"b\"}"));
        assertThat(EventBody.split(packed, "gzip")).hasSize(2);
        assertThat(EventBody.split(packed, null)).hasSize(2);
        assertRefused(400, new byte[] {0x1f, (byte) 0x8b, 1, 2}, "gzip");
        assertRefused(415, bytes("[]"), "br");
    }

    @Test
    void tooMuchIsRefused() throws IOException {
        assertRefused(413, new byte[EventBody.MAX_BYTES + 1], null);
        assertRefused(413, bytes("{}\n".repeat(EventBody.MAX_EVENTS + 1)), null);
        assertRefused(413, packed(new byte[EventBody.MAX_BYTES + 1]), "gzip");
    }

    private static void assertRefused(int status, byte[] body, String encoding) {
        assertThatThrownBy(() -> EventBody.split(body, encoding))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(status));
    }

    private static List<JsonNode> split(String body) {
        return EventBody.split(bytes(body), null);
    }

    private static byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
