// SPDX-License-Identifier: Apache-2.0
/** From blocks to evidence and verdicts. */
@NullMarked
package dev.belay.judging.judge;

import org.jspecify.annotations.NullMarked;
