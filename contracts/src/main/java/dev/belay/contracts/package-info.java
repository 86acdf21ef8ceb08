// SPDX-License-Identifier: Apache-2.0
/** What travels between the parts of Belay: event records, topic constants and serdes. */
@NullMarked
package dev.belay.contracts;

import org.jspecify.annotations.NullMarked;
