// SPDX-License-Identifier: Apache-2.0
/** Transactional outbox: rows and their events commit together, a relay sends the events to Kafka. */
@NullMarked
package dev.belay.outbox;

import org.jspecify.annotations.NullMarked;
