// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KnownKeysTest {
    private static final boolean READ = true;
    private static final boolean UNREAD = false;

    private final KnownKeys keys = new KnownKeys();

    @Test
    void whatAnEarlierRunKnewCountsUntilTheTopicIsRead() {
        keys.remember(List.of(key(1, false)));
        assertThat(keys.find("key", UNREAD)).isPresent();
        assertThat(keys.find("key", READ)).isEmpty();
        assertThat(keys.all(READ)).isEmpty();
    }

    @Test
    void aRevocationReadFromTheTopicCountsAtOnce() {
        keys.remember(List.of(key(1, false)));
        keys.on(key(2, true));
        assertThat(keys.find("key", UNREAD)).get().returns(true, ApiKey::revoked);
    }

    @Test
    void aRevocationOnceKnownOutlivesATopicThatForgotIt() {
        keys.remember(List.of(key(2, true)));
        keys.on(key(1, false));
        assertThat(keys.find("key", UNREAD)).get().returns(true, ApiKey::revoked);
        assertThat(keys.find("key", READ)).get().returns(true, ApiKey::revoked);
        assertThat(keys.all(READ)).singleElement().returns(true, ApiKey::revoked);
    }

    @Test
    void ofTwoRecordsOfTheSameVersionTheRevokedOneCounts() {
        keys.remember(List.of(key(2, true)));
        keys.on(key(2, false));
        assertThat(keys.find("key", READ)).get().returns(true, ApiKey::revoked);
    }

    @Test
    void aDeletedKeyIsUnknownWhateverWasKnown() {
        keys.remember(List.of(key(1, false)));
        keys.onDeleted("key");
        assertThat(keys.find("key", UNREAD)).isEmpty();
    }

    @Test
    void theHighestVersionWinsInWhateverOrder() {
        keys.on(key(2, true));
        keys.on(key(1, false));
        assertThat(keys.find("key", READ)).get().returns(2L, ApiKey::version);
    }

    private static ApiKey key(long version, boolean revoked) {
        return new ApiKey(
                "key",
                version,
                "0".repeat(64),
                "shop",
                Set.of(Scope.SERVER),
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                revoked);
    }
}
