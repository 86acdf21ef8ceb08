// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.Place;
import dev.belay.http.KeyText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.belay.edge.EdgeFacts.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StreamTokenTest {
    private static final Place PLACE = new Place("shop", "pro_duc.tion-1");
    private static final ApiKey KEY = EdgeFacts.key(KeyText.generate(), 1, Scope.CLIENT, null, null);

    private final String text = StreamToken.of(KEY, PLACE, NOW).text();

    @Test
    void aTokenIsGoodForItsKeyAndPlace() {
        StreamToken token = StreamToken.parse(text);
        assertThat(token.place()).isEqualTo(PLACE);
        assertThat(token.keyId()).isEqualTo(KEY.id());
        assertThat(token.isGood(KEY, NOW)).isTrue();
        assertThat(text).matches("[A-Za-z0-9._~-]+");
    }

    @Test
    void itIsTheSameAllDayAndEndsWithTomorrow() {
        Instant midnight = Instant.parse("2026-05-02T00:00:00Z");
        assertThat(StreamToken.of(KEY, PLACE, midnight.minusMillis(1)).text()).isEqualTo(text);
        assertThat(StreamToken.of(KEY, PLACE, midnight).text()).isNotEqualTo(text);
        StreamToken token = StreamToken.parse(text);
        assertThat(token.isGood(KEY, midnight.plus(Duration.ofDays(1)).minusMillis(1)))
                .isTrue();
        assertThat(token.isGood(KEY, midnight.plus(Duration.ofDays(1)))).isFalse();
    }

    @Test
    void noPartOfItCanBeChanged() {
        ApiKey other = EdgeFacts.key(KeyText.generate(), 1, Scope.CLIENT, null, null);
        assertThat(StreamToken.parse(text).isGood(other, NOW)).isFalse();
        assertThat(StreamToken.parse(text.replace("~shop~", "~bank~")).isGood(KEY, NOW))
                .isFalse();
        long lastDay = StreamToken.parse(text).lastDay();
        assertThat(StreamToken.parse(text.replace("~" + lastDay + "~", "~" + (lastDay + 1) + "~"))
                        .isGood(KEY, NOW))
                .isFalse();
        assertThat(StreamToken.parse(text.substring(0, text.lastIndexOf('~') + 1))
                        .isGood(KEY, NOW))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a~b~c~d~e", "a~b~c~1", "a~b~c~1~e~f", "a~b c~d~1~e"})
    void whatIsNoTokenIsRefused(String no) {
        assertThatThrownBy(() -> StreamToken.parse(no)).isInstanceOf(IllegalArgumentException.class);
    }
}
