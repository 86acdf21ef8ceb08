// SPDX-License-Identifier: Apache-2.0
/** What people do from messages: buttons of Slack, verified, once each, with the right of whoever pressed. */
@NullMarked
package dev.belay.notifier.interactions;

import org.jspecify.annotations.NullMarked;
