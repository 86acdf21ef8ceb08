// SPDX-License-Identifier: Apache-2.0
/** All services in one JVM, with an embedded broker and database unless others are configured; the demo and the replay. */
@NullMarked
package dev.belay.standalone;

import org.jspecify.annotations.NullMarked;
