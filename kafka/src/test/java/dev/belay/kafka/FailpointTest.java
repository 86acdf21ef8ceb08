// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FailpointTest {
    @TempDir
    Path folder;

    @Test
    void isNowAtTheNthPassageAndNeverAgain() {
        Failpoint failpoint = new Failpoint("outbox.mid-publish:2");

        assertThat(failpoint.isNow("outbox.mid-publish")).isFalse();
        assertThat(failpoint.isNow("outbox.after-commit")).isFalse();
        assertThat(failpoint.isNow("outbox.mid-publish")).isTrue();
        assertThat(failpoint.isNow("outbox.mid-publish")).isFalse();
    }

    @Test
    void ofTwoWithOneFileOnlyOneIsNow() throws IOException {
        Path file = Files.writeString(folder.resolve("order"), "queue.after-read:1\n");
        Failpoint one = new Failpoint("@" + file);
        Failpoint other = new Failpoint("@" + file);

        assertThat(one.isNow("queue.after-read")).isTrue();
        assertThat(other.isNow("queue.after-read")).isFalse();
    }

    @Test
    void doesNothingWhileThereIsNoFile() {
        assertThat(new Failpoint("@" + folder.resolve("none")).isNow("queue.after-read"))
                .isFalse();
    }

    @Test
    void refusesAnotherForm() {
        assertThatThrownBy(() -> new Failpoint("outbox.mid-publish"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("belay.failpoint must be <name>:<n> with n from 1, or @<file>, was outbox.mid-publish");
    }
}
