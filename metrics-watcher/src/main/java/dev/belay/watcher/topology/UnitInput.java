// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import dev.belay.contracts.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came, not yet read.
 *
 * @param topic where it came from
 * @param value its bytes; null for a tombstone
 */
record UnitInput(Topic<?> topic, byte @Nullable [] value) {}
