// SPDX-License-Identifier: Apache-2.0
/** Slack messages in Block Kit: pure functions from records to blocks. */
@NullMarked
package dev.belay.notifier.message;

import org.jspecify.annotations.NullMarked;
