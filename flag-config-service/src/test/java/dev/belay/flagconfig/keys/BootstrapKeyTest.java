// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;

import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.http.KeyText;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BootstrapKeyTest {
    private static final KeyText ADMIN = KeyText.generate();
    private static final KeyText SERVER = KeyText.generate();

    @Test
    void readsKeysWithTheirLimits() {
        var keys = BootstrapKey.parseAll("admin=" + ADMIN.text() + ", server=" + SERVER.text() + "@shop/production");

        assertThat(keys).hasSize(2);
        assertThat(keys.get(0).key(1, Instant.EPOCH, false)).satisfies(key -> {
            assertThat(key.role()).isEqualTo(Role.ADMIN);
            assertThat(key.project()).isNull();
        });
        assertThat(keys.get(1).key(1, Instant.EPOCH, false)).satisfies(key -> {
            assertThat(key.scopes()).containsExactly(Scope.SERVER);
            assertThat(key.project()).isEqualTo("shop");
            assertThat(key.environment()).isEqualTo("production");
        });
    }

    @Test
    void readsNothingFromNothing() {
        assertThat(BootstrapKey.parseAll("")).isEmpty();
    }

    @Test
    void refusesAnotherFormWithoutRepeatingAKey() {
        assertThatThrownBy(() -> BootstrapKey.parseAll(ADMIN.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(ADMIN.text());
        assertThatThrownBy(() -> BootstrapKey.parseAll("root=" + ADMIN.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was root")
                .hasMessageNotContaining(ADMIN.text());
    }
}
