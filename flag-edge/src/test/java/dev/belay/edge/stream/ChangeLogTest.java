// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.util.List;

import dev.belay.edge.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChangeLogTest {
    private static final Place PLACE = new Place("shop", "production");

    private final ChangeLog log = new ChangeLog("run", 3);

    @Test
    void aReaderGetsWhatItMissed() {
        String begun = log.lastId();
        String first = add("a");
        add("b");
        assertThat(since(begun)).containsExactly("a", "b");
        assertThat(since(first)).containsExactly("b");
        assertThat(since(log.lastId())).isEmpty();
    }

    @Test
    void aReaderThatHasSeenNothingFetchesEverythingItself() {
        add("a");
        assertThat(log.since(null, PLACE)).isEmpty();
    }

    @Test
    void changesOfOtherPlacesAreNobodysBusiness() {
        String begun = log.lastId();
        log.add(Change.ofSegment("other", "secret"), null);
        add("a");
        log.add(new Change("refetchEvaluation", "shop", "staging", "b", null, null, null), null);
        assertThat(since(begun)).containsExactly("a");
    }

    @Test
    void aSegmentConcernsEveryEnvironmentOfItsProject() {
        String begun = log.lastId();
        log.add(Change.ofSegment("shop", "beta"), null);
        assertThat(log.since(begun, PLACE))
                .extracting(entry -> entry.change().segment())
                .containsExactly("beta");
    }

    @Test
    void whoAsksForMoreThanIsKeptIsToldToFetchEverything() {
        String begun = log.lastId();
        for (int i = 0; i < 4; i++) {
            add("flag-" + i);
        }
        assertToldToFetchEverything(begun);
    }

    @ParameterizedTest
    @ValueSource(strings = {"earlier-1", "run-9", "run--1", "run-", "run", "", "run-99999999999999999999"})
    void whoComesFromElsewhereIsToldToFetchEverything(String id) {
        add("a");
        assertToldToFetchEverything(id);
    }

    @Test
    void aChangeIsFoundByTheTagItWasSentWith() {
        String first = add("a");
        ChangeLog.Entry off = log.add(new Change("refetchEvaluation", "shop", "production", "b", null, null, null), 7L);
        assertThat(off.change().etag()).isEqualTo(off.id());
        assertThat(log.find(off.id())).isEqualTo(off);
        assertThat(log.find(first)).extracting(ChangeLog.Entry::off).isNull();
        for (int i = 0; i < 3; i++) {
            add("flag-" + i);
        }
        assertThat(log.find(off.id())).as("kept no more").isNull();
        assertThat(log.find("earlier-1")).isNull();
    }

    private void assertToldToFetchEverything(String id) {
        assertThat(log.since(id, PLACE)).singleElement().satisfies(entry -> {
            assertThat(entry.change()).isEqualTo(Change.ofEverything(PLACE));
            assertThat(entry.id()).isEqualTo(log.lastId());
        });
    }

    private String add(String flag) {
        return log.add(new Change("refetchEvaluation", "shop", "production", flag, null, null, null), null)
                .id();
    }

    private List<String> since(String id) {
        return log.since(id, PLACE).stream().map(entry -> entry.change().flag()).toList();
    }
}
