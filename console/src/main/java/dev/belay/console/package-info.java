// SPDX-License-Identifier: Apache-2.0
/** The web page: {@code web/} holds it, and this package what its responses need beside it. */
@NullMarked
package dev.belay.console;

import org.jspecify.annotations.NullMarked;
