// SPDX-License-Identifier: Apache-2.0
/** Errors that Sentry reports. */
@NullMarked
package dev.belay.edge.sentry;

import org.jspecify.annotations.NullMarked;
