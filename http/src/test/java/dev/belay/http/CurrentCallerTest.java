// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.Set;

import dev.belay.contracts.Actor;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CurrentCallerTest {
    private static final Caller ANN =
            new Caller(Actor.person("ann"), "k1", Set.of(Scope.ADMIN), Role.ADMIN, null, null);

    @Test
    void derivesTheSameBytesForTheSameLabelAndKeyOnly() {
        KeyText key = KeyText.generate();
        CurrentCaller first = caller(key);

        assertThat(first.derive("a")).hasSize(32).isEqualTo(caller(key).derive("a"));
        assertThat(first.derive("a")).isNotEqualTo(first.derive("b"));
        assertThat(first.derive("a")).isNotEqualTo(caller(KeyText.generate()).derive("a"));
    }

    @Test
    void derivesNothingForNobody() {
        assertThatThrownBy(() -> new CurrentCaller().derive("a")).isInstanceOf(ProblemException.class);
    }

    @Test
    void makesAKeyOfDerivedBytes() {
        KeyText key = KeyText.of("abcdefgh12", caller(KeyText.generate()).derive("a"));

        assertThat(KeyText.parse(key.text()).id()).isEqualTo("abcdefgh12");
    }

    @Test
    void recognisesARepeatOfOneCallerByItsWord() {
        assertThat(IdempotencyKey.of("once", ANN)).contains(new IdempotencyKey("k1 once"));
        assertThat(IdempotencyKey.of(" ", ANN)).isEmpty();
        assertThat(IdempotencyKey.of(null, ANN)).isEmpty();
        assertThatThrownBy(() -> IdempotencyKey.of("x".repeat(201), ANN))
                .hasMessage("Idempotency-Key must have at most 200 characters, was 201");
    }

    private static CurrentCaller caller(KeyText key) {
        CurrentCaller caller = new CurrentCaller();
        caller.set(ANN, key.text());
        return caller;
    }
}
