// SPDX-License-Identifier: Apache-2.0
/** The transactional outbox: what a service tells others commits with what it stores, and is published afterwards. */
@NullMarked
package dev.belay.outbox;

import org.jspecify.annotations.NullMarked;
