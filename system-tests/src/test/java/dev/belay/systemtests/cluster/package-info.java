// SPDX-License-Identifier: Apache-2.0
/** Every service as processes, several of each, and clients who remember what they saw. */
@NullMarked
package dev.belay.systemtests.cluster;

import org.jspecify.annotations.NullMarked;
