// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A request that is ready to go: what is signed is what is sent.
 *
 * @param url where; a secret
 * @param headers besides the usual ones; secrets
 * @param body JSON, as it is sent
 * @param patience how long an answer may take
 */
public record Letter(URI url, Map<String, String> headers, byte[] body, Duration patience) {
    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "Letter[" + body.length + " bytes]";
    }
}
