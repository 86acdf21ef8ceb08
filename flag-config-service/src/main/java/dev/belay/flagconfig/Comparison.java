// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.util.Map;
import java.util.function.ToLongFunction;

import dev.belay.contracts.Topic;

/** Something kept in the database that is compared with its topic at every start. */
public interface Comparison {
    /** Reads topics to their ends. */
    interface TopicReader {
        /**
         * Returns of every key the value of the highest version, as readers keep it, unless a tombstone followed.
         *
         * @param version tells the version of a value
         */
        <V> Map<String, V> read(Topic<V> topic, ToLongFunction<V> version);
    }

    /** Mends what differs; may throw when broker or database are away, and is called again then. */
    void compare(TopicReader topics);
}
