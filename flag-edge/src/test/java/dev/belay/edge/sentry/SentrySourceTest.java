// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.nio.charset.StandardCharsets;

import dev.belay.edge.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SentrySourceTest {
    private static final byte[] BODY = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);

    private final SentrySource source = SentrySource.parse("app=not-a-real-secret-1@shop/production");

    @Test
    void aSourceSaysWhoseErrorsItReports() {
        assertThat(source.name()).isEqualTo("app");
        assertThat(source.place()).isEqualTo(new Place("shop", "production"));
        assertThat(source.environment()).isEqualTo("production");
        assertThat(SentrySource.parse("app=not-a-real-secret-1@shop/production:prod")
                        .environment())
                .isEqualTo("prod");
    }

    @Test
    void theSignatureIsThatOfTheBytes() {
        // printf '{"a": 1}' | openssl dgst -sha256 -hmac not-a-real-secret-1
        assertThat(source.sign(BODY)).isEqualTo("bbb37230a6afc9d398c72bb2147dc64efb3ff55bc6d521cd29e469d09d7895c4");
        assertThat(source.signed(BODY, source.sign(BODY))).isTrue();
        assertThat(source.signed("{\"a\":1}".getBytes(StandardCharsets.UTF_8), source.sign(BODY)))
                .as("the same JSON, other bytes")
                .isFalse();
        assertThat(source.signed(BODY, null)).isFalse();
        assertThat(source.signed(BODY, "")).isFalse();
        assertThat(source.signed(BODY, source.sign(BODY).substring(1))).isFalse();
        assertThat(SentrySource.parse("app=another-secret-1234@shop/production").signed(BODY, source.sign(BODY)))
                .isFalse();
    }

    @Test
    void theSecretIsNeverSaid() {
        assertThat(source.toString()).doesNotContain("not-a-real");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app",
                "app=not-a-real-secret-1",
                "app=not-a-real-secret-1@shop",
                "app=not-a-r@shop/production",
                "=not-a-real-secret-1@shop/production",
                "a b=not-a-real-secret-1@shop/production",
                "app=not-a-real-secret-1@shop/"
            })
    void anotherFormIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> SentrySource.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("not-a-r");
    }
}
