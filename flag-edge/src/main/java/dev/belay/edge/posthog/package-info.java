// SPDX-License-Identifier: Apache-2.0
/** Events that PostHog's clients send. */
@NullMarked
package dev.belay.edge.posthog;

import org.jspecify.annotations.NullMarked;
