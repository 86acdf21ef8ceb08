// SPDX-License-Identifier: Apache-2.0
/** Early access: units say themselves whether they want what a flag offers, and are served so wherever they come from. */
@NullMarked
package dev.belay.flagconfig.enrolments;

import org.jspecify.annotations.NullMarked;
