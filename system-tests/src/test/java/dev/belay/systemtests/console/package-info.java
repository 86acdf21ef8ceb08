// SPDX-License-Identifier: Apache-2.0
/** The page in a real browser, against an installation of its own. */
@NullMarked
package dev.belay.systemtests.console;

import org.jspecify.annotations.NullMarked;
