// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import dev.belay.judging.attribution.Delta;

/** What comes out of the first half. */
sealed interface Attributed {
    /** A change of a rollout's units. */
    record Change(Delta delta) implements Attributed {}

    /** A record of a foreign producer that belongs to another partition. */
    record Elsewhere(Out out) implements Attributed {}
}
