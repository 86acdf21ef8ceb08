// SPDX-License-Identifier: Apache-2.0
/** The Kafka Streams topology: attribute by unit, tally and judge by flag. */
@NullMarked
package dev.belay.watcher.topology;

import org.jspecify.annotations.NullMarked;
