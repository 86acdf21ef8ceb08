// SPDX-License-Identifier: Apache-2.0
/** Takes a flag back when a verdict says so, with Kafka alone. */
@NullMarked
package dev.belay.rollback;

import org.jspecify.annotations.NullMarked;
