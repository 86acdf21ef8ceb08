// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyTextTest {
    private static final String SECRET = "0123456789_-abcdefghijklmnopqrstuvwxyzABCDE";

    @Test
    void readsWhatItGenerates() {
        KeyText key = KeyText.generate();

        assertThat(KeyText.parse(key.text()).id()).isEqualTo(key.id());
        assertThat(KeyText.parse(key.text()).hash()).isEqualTo(key.hash()).matches("[0-9a-f]{64}");
    }

    @Test
    void takesTheIdUpToTheSecondUnderscore() {
        assertThat(KeyText.parse("bly_admin0001_" + SECRET).id()).isEqualTo("admin0001");
    }

    @Test
    void refusesAnotherFormWithoutRepeatingIt() {
        assertThatThrownBy(() -> KeyText.parse("bly_SECRETSECRET_" + SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bly_<id>_<secret>")
                .hasMessageNotContaining("SECRETSECRET");
    }

    @Test
    void showsOnlyTheIdAsItsString() {
        assertThat(KeyText.parse("bly_admin0001_" + SECRET)).hasToString("bly_admin0001_…");
    }
}
