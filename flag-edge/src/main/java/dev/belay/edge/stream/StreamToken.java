// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.edge.Place;

/**
 * Opens the stream of one place and nothing else, because a browser's EventSource sends no headers. Signed with the hash of
 * the key it was given for: every edge can check it, and it ends when the key does.
 *
 * @param keyId public part of the key
 * @param place whose changes it opens
 * @param lastDay last day it is good for, in days since 1970 (UTC)
 * @param signature HMAC-SHA256 of the rest, base64url
 */
record StreamToken(String keyId, Place place, long lastDay, String signature) {
    /** Parts of names never hold it, and addresses need not escape it. */
    private static final String SEPARATOR = "~";

    private static final int PARTS = 5;
    private static final String ALGORITHM = "HmacSHA256";

    /** Returns a token for today and tomorrow: the same all day, so that a client need not connect anew at each fetch. */
    static StreamToken of(ApiKey key, Place place, Instant now) {
        StreamToken unsigned = new StreamToken(key.id(), place, day(now) + 1, "");
        return new StreamToken(key.id(), place, unsigned.lastDay, unsigned.signatureBy(key));
    }

    /** @throws IllegalArgumentException if the text is no token; the message does not repeat it */
    static StreamToken parse(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        Require.that(parts.length == PARTS, "token", "must have " + PARTS + " parts", parts.length);
        return new StreamToken(parts[0], new Place(parts[1], parts[2]), Long.parseLong(parts[3]), parts[4]);
    }

    String text() {
        return signed() + SEPARATOR + signature;
    }

    /** Returns whether it was made for that key and is still good. */
    boolean isGood(ApiKey key, Instant now) {
        byte[] expected = signatureBy(key).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8)) && day(now) <= lastDay;
    }

    @Override
    public String toString() {
        return signed() + SEPARATOR + "…";
    }

    private String signed() {
        return String.join(SEPARATOR, keyId, place.project(), place.environment(), Long.toString(lastDay));
    }

    private String signatureBy(ApiKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.hash().getBytes(StandardCharsets.US_ASCII), ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(signed().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    private static long day(Instant at) {
        return Duration.between(Instant.EPOCH, at).toDays();
    }
}
