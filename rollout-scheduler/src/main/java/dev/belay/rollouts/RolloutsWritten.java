// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

/** The present transaction has something to publish. */
record RolloutsWritten() {}
