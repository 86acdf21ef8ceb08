// SPDX-License-Identifier: Apache-2.0
/**
 * flag-config-service: keeps what people write (flags, segments, metrics, templates, keys) in PostgreSQL, says it to the
 * others through the outbox, folds completed rollouts into flags, and chains everybody's audit events. It never decides when
 * to widen.
 */
@NullMarked
package dev.belay.flagconfig;

import org.jspecify.annotations.NullMarked;
