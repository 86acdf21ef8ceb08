// SPDX-License-Identifier: Apache-2.0
/** What the watcher says: blocks, evidence, verdicts. */
@NullMarked
package dev.belay.contracts.verdicts;

import org.jspecify.annotations.NullMarked;
