// SPDX-License-Identifier: Apache-2.0
/** Creates and verifies topics and keeps in-memory views of compacted ones. */
@NullMarked
package dev.belay.kafka;

import org.jspecify.annotations.NullMarked;
