// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import dev.belay.contracts.verdicts.Verdict;

/** Hears how long records take through the topology. Called on the stream threads: must be quick and thread-safe. */
public interface Timings {
    /** Hears nothing. */
    Timings NONE = new Timings() {
        @Override
        public void counted(long millis) {}

        @Override
        public void breached(Verdict breach, long nowMillis) {}
    };

    /**
     * A record has been counted.
     *
     * @param millis time since it was appended; the clocks of brokers and of this process may differ
     */
    void counted(long millis);

    /** That harm is proven has been said, for the first time. */
    void breached(Verdict breach, long nowMillis);
}
