// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

/**
 * The answer to a request for a key.
 *
 * @param key the key with its text
 * @param isNew whether it was made now, and not by the same request before
 */
record MadeKey(KeyView key, boolean isNew) {}
