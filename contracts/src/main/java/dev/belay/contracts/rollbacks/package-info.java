// SPDX-License-Identifier: Apache-2.0
/** What takes a rollout back, and the incidents people see. */
@NullMarked
package dev.belay.contracts.rollbacks;

import org.jspecify.annotations.NullMarked;
