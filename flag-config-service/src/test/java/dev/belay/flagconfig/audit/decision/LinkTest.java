// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit.decision;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LinkTest {
    private final Link first = Link.after(null, "{\"id\":\"a\"}");
    private final Link second = Link.after(first, "{\"id\":\"b\"}");

    @Test
    void numbersRowsFromOneWithoutGaps() {
        assertThat(first.seq()).isEqualTo(1);
        assertThat(second.seq()).isEqualTo(2);
        assertThat(second.previousHash()).isEqualTo(first.hash());
    }

    @Test
    void recognisesWhatItWrote() {
        assertThat(first.follows(null)).isTrue();
        assertThat(second.follows(first)).isTrue();
    }

    @Test
    void noticesAChangedEvent() {
        Link forged = new Link(2, "{\"id\":\"c\"}", second.previousHash(), second.hash());

        assertThat(forged.follows(first)).isFalse();
    }

    @Test
    void noticesAMissingRow() {
        assertThat(second.follows(null)).isFalse();
        assertThat(Link.after(second, "{}").follows(first)).isFalse();
    }

    @Test
    void noticesARewrittenBeginning() {
        Link rewritten = Link.after(null, "{\"id\":\"z\"}");

        assertThat(second.follows(rewritten)).isFalse();
    }
}
