// SPDX-License-Identifier: Apache-2.0
/** Pure: how audit rows are chained. */
@NullMarked
package dev.belay.flagconfig.audit.decision;

import org.jspecify.annotations.NullMarked;
