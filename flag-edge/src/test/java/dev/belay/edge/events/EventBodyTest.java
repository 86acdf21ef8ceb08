// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.nio.charset.StandardCharsets;

import dev.belay.http.ProblemException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventBodyTest {
    @Test
    void anArrayAndLinesAreTheSame() {
        assertThat(EventBody.split(bytes("[{\"id\":\"a\"},{\"id\":\"b\"}]")))
                .isEqualTo(EventBody.split(bytes("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\r\n")));
    }

    @Test
    void aBrokenLineIsNoEventAndStopsNoOther() {
        var events = EventBody.split(bytes("{\"id\":\n{\"id\":\"b\"}"));
        assertThat(events).hasSize(2);
        assertThat(events.get(0).isObject()).isFalse();
        assertThat(events.get(1).isObject()).isTrue();
    }

    @Test
    void aBrokenArrayIsRefusedAsAWhole() {
        assertThatThrownBy(() -> EventBody.split(bytes("[{\"id\":")))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(400));
    }

    @Test
    void tooMuchIsRefused() {
        assertThatThrownBy(() -> EventBody.split(new byte[EventBody.MAX_BYTES + 1]))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(413));
        assertThatThrownBy(() -> EventBody.split(bytes("{}\n".repeat(EventBody.MAX_EVENTS + 1))))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(413));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
