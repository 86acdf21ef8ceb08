// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.function.Function;

import dev.belay.http.KeyText;

/**
 * How a repeated request is recognised and answered with the same key, though its text is stored nowhere: the secret is derived
 * from the caller's own key and a salt.
 *
 * @param id who asks, and their word for the request
 * @param request what is asked for
 * @param derive makes 32 bytes of a label that nobody can make without the caller's key
 */
record Repeat(String id, String request, Function<String, byte[]> derive) {

    /** Returns the text of the key with that id and salt. */
    KeyText text(String keyId, String salt) {
        return KeyText.of(keyId, derive.apply("key/" + keyId + "/" + salt));
    }
}
