// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ETagsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {"'\"7\"'", "'\"6\", \"7\"'", "*"})
    void acceptsTheCurrentVersion(String ifMatch) {
        ETags.requireMatch(ifMatch, 7);
    }

    @Test
    void acceptsNoCondition() {
        ETags.requireMatch(null, 7);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {"'\"6\"'", "7", "W/\"7\""})
    void refusesAnotherVersion(String ifMatch) {
        assertThatThrownBy(() -> ETags.requireMatch(ifMatch, 7))
                .isInstanceOfSatisfying(ProblemException.class, refusal -> assertThat(refusal.status())
                        .isEqualTo(412));
    }

    @Test
    void refusesAnythingForWhatDoesNotExist() {
        assertThatThrownBy(() -> ETags.requireMatch("*", 0)).isInstanceOf(ProblemException.class);
    }
}
