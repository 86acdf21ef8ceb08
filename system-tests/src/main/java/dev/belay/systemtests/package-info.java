// SPDX-License-Identifier: Apache-2.0
/** User stories played against the built applications, started as processes. */
@NullMarked
package dev.belay.systemtests;

import org.jspecify.annotations.NullMarked;
