// SPDX-License-Identifier: Apache-2.0
/** Pure: what a flag of another product is here. */
@NullMarked
package dev.belay.flagconfig.importing.decision;

import org.jspecify.annotations.NullMarked;
