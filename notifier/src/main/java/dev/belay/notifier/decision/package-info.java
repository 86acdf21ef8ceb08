// SPDX-License-Identifier: Apache-2.0
/** What is worth telling, where a message may go, and when it is tried again: pure functions, time arrives as an argument. */
@NullMarked
package dev.belay.notifier.decision;

import org.jspecify.annotations.NullMarked;
