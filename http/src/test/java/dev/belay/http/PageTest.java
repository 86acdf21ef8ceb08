// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageTest {
    private static final List<String> LIST = List.of("a/1", "b/2", "c/3");

    @Test
    void leadsThroughTheListPageByPage() {
        Page<String> first = Page.of(LIST, Function.identity(), 2, null);
        Page<String> second = Page.of(LIST, Function.identity(), 2, first.next());

        assertThat(first.items()).containsExactly("a/1", "b/2");
        assertThat(second).isEqualTo(new Page<>(List.of("c/3"), null));
    }

    @Test
    void goesOnBehindAnItemThatIsGone() {
        String after = Page.of(LIST, Function.identity(), 2, null).next();

        assertThat(Page.of(List.of("a/1", "c/3"), Function.identity(), 2, after).items())
                .containsExactly("c/3");
    }

    @Test
    void refusesALimitOutOfRange() {
        assertThatThrownBy(() -> Page.of(LIST, Function.identity(), 0, null))
                .hasMessage("limit must lie in [1, 1000], was 0");
    }

    @Test
    void refusesACursorThatIsNone() {
        assertThatThrownBy(() -> Page.of(LIST, Function.identity(), 1, "§"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("after must be the next of a page, was §");
    }
}
