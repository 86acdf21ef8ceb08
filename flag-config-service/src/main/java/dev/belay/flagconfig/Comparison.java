// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.util.Map;

import dev.belay.contracts.Topic;

/** Something kept in the database that is compared with its topic at every start. */
public interface Comparison {
    /** Reads topics to their ends. */
    interface TopicReader {
        /** Returns the last value of every key that is no tombstone. */
        <V> Map<String, V> read(Topic<V> topic);
    }

    /** Mends what differs; may throw when broker or database are away, and is called again then. */
    void compare(TopicReader topics);
}
