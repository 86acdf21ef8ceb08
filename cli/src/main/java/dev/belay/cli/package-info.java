// SPDX-License-Identifier: Apache-2.0
/** The {@code belay} command. */
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
