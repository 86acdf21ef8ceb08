// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import org.jspecify.annotations.Nullable;

/**
 * What the second half takes in, not yet read.
 *
 * @param kind what the bytes are
 * @param value the bytes; null for a tombstone
 */
record TallyInput(Kind kind, byte @Nullable [] value) {
    /** What the bytes are. */
    enum Kind {
        ROLLOUT,
        DELTA
    }

    static TallyInput rollout(byte @Nullable [] value) {
        return new TallyInput(Kind.ROLLOUT, value);
    }

    static TallyInput delta(byte[] value) {
        return new TallyInput(Kind.DELTA, value);
    }
}
