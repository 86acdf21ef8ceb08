// SPDX-License-Identifier: Apache-2.0
/** Where people are told: named channels of a project, kept in PostgreSQL. */
@NullMarked
package dev.belay.notifier.channels;

import org.jspecify.annotations.NullMarked;
