// SPDX-License-Identifier: Apache-2.0
/** What proves who sent a request: of ours to receivers, and of Slack's to us. */
@NullMarked
package dev.belay.notifier.signing;

import org.jspecify.annotations.NullMarked;
