// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

import dev.belay.http.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PosthogBodyTest {
    private static final String EVENT =
            "{\"event\":\"purchase\",\"distinct_id\":\"ü\",\"properties\":{\"token\":\"bly_a_b\"}}";

    @Test
    void aBatchNamesItsKeyAndWhenItWasSent() {
        PosthogBody body = read("{\"api_key\":\"bly_k\",\"batch\":[" + EVENT + "," + EVENT
                + "],\"sent_at\":\"2026-05-01T12:00:00.123456789Z\"}");
        assertThat(body.token()).isEqualTo("bly_k");
        assertThat(body.sentAt()).isEqualTo("2026-05-01T12:00:00.123456789Z");
        assertThat(body.events()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_key", "token", "$token"})
    void aKeyHasSeveralNames(String name) {
        assertThat(read("{\"" + name + "\":\" bly_k \",\"event\":\"e\"}").token())
                .isEqualTo("bly_k");
    }

    @Test
    void anArrayTakesTheKeyOfItsEvents() {
        PosthogBody body = read("[7," + EVENT + "]");
        assertThat(body.token()).isEqualTo("bly_a_b");
        assertThat(body.events()).hasSize(2);
    }

    @Test
    void oneEventIsARequestToo() {
        assertThat(read("\uFEFF " + EVENT + "\n").events()).singleElement().satisfies(event -> assertThat(
                        event.path("distinct_id").asText())
                .isEqualTo("ü"));
    }

    @Test
    void gzipIsSeenByItsFirstBytes() throws IOException {
        assertThat(PosthogBody.read(packed(EVENT)).token()).isEqualTo("bly_a_b");
    }

    @Test
    void aFormFieldHoldsBase64OfJsonOrOfGzipOrJsonItself() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(EVENT.getBytes(StandardCharsets.UTF_8));
        String ofGzip = Base64.getEncoder().encodeToString(packed(EVENT));
        for (String value : new String[] {encoded(base64), encoded(ofGzip), encoded(EVENT), base64 + "&ver=1&ip=1"}) {
            assertThat(read("data=" + value).token()).isEqualTo("bly_a_b");
        }
        assertThat(PosthogBody.ofField(ofGzip.replace('+', ' ')).token()).isEqualTo("bly_a_b");
        assertThat(PosthogBody.ofField(ofGzip.replace('+', '-').replace('/', '_'))
                        .token())
                .isEqualTo("bly_a_b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "{",
                "[{]",
                "{\"batch\":7}",
                "data=%%%",
                "data=",
                "data=bm90IGpzb24=",
                "a=b",
                "{} {}"
            })
    void whatCannotBeReadIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(400));
    }

    @Test
    void brokenGzipIsRefused() throws IOException {
        byte[] half = Arrays.copyOf(packed(EVENT), 20);
        assertThatThrownBy(() -> PosthogBody.read(half)).isInstanceOf(ProblemException.class);
    }

    @Test
    void tooMuchIsRefusedPackedOrNot() throws IOException {
        String large = " ".repeat(PosthogBody.MAX_BYTES + 1);
        for (byte[] body : new byte[][] {large.getBytes(StandardCharsets.UTF_8), packed(large)}) {
            assertThatThrownBy(() -> PosthogBody.read(body))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                            .isEqualTo(413));
        }
        assertThatThrownBy(() -> read("[" + "0,".repeat(10_000) + "0]"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(413));
    }

    private static PosthogBody read(String text) {
        return PosthogBody.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
