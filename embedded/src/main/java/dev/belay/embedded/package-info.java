// SPDX-License-Identifier: Apache-2.0
/** A real Kafka broker and a real PostgreSQL server, run by this process and stopped with it. */
@NullMarked
package dev.belay.embedded;

import org.jspecify.annotations.NullMarked;
