// SPDX-License-Identifier: Apache-2.0
/** What a verdict takes out, and how an incident goes on: pure functions of records, time arrives as an argument. */
@NullMarked
package dev.belay.rollback.decision;

import org.jspecify.annotations.NullMarked;
