// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

/**
 * Identifies a command across repeats.
 *
 * @param id caller and idempotency key
 * @param request digest of what is asked
 */
record CommandKey(String id, String request) {}
