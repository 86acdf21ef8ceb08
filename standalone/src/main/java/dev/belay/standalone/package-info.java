// SPDX-License-Identifier: Apache-2.0
/** All services in one process, with an embedded Kafka broker and PostgreSQL server. */
@NullMarked
package dev.belay.standalone;

import org.jspecify.annotations.NullMarked;
