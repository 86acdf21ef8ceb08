// SPDX-License-Identifier: Apache-2.0
/** Changes of flags that wait for approval or for their time, and the gate that every write of a flag passes. */
@NullMarked
package dev.belay.flagconfig.changes;

import org.jspecify.annotations.NullMarked;
