// SPDX-License-Identifier: Apache-2.0
/** Everybody's audit events, persisted once each in a chain that shows tampering. */
@NullMarked
package dev.belay.flagconfig.audit;

import org.jspecify.annotations.NullMarked;
