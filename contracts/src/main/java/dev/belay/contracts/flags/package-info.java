// SPDX-License-Identifier: Apache-2.0
/** Flags and segments as flag-config-service publishes them. */
@NullMarked
package dev.belay.contracts.flags;

import org.jspecify.annotations.NullMarked;
