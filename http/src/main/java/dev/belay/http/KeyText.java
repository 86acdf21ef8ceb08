// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its holder has it: {@code bly_<id>_<secret>}, id 8 to 40 lower-case letters and digits, secret 256 random bits as
 * 43 characters of base64url. Its text form appears in {@link #text} only.
 */
public final class KeyText {
    private static final Pattern FORM = Pattern.compile("bly_([a-z0-9]{8,40})_[A-Za-z0-9_-]{43}");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 10;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id;
    private final String text;

    private KeyText(String id, String text) {
        this.id = id;
        this.text = text;
    }

    /** Returns a new key. */
    public static KeyText generate() {
        StringBuilder id = new StringBuilder();
        RANDOM.ints(ID_LENGTH, 0, ALPHABET.length()).forEach(index -> id.append(ALPHABET.charAt(index)));
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return of(id.toString(), secret);
    }

    /**
     * Returns the key with a given id and secret.
     *
     * @param secret 32 bytes
     * @throws IllegalArgumentException unless both have the form; the message does not repeat them
     */
    public static KeyText of(String id, byte[] secret) {
        return parse("bly_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** @throws IllegalArgumentException unless it has the form; the message does not repeat the text */
    public static KeyText parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "key must have the form bly_<id>_<secret>, was another text of " + text.length() + " characters");
        }
        return new KeyText(matcher.group(1), text);
    }

    /** Returns the public part. */
    public String id() {
        return id;
    }

    /** Returns the whole key: a secret. */
    public String text() {
        return text;
    }

    /** Returns the SHA-256 of the whole key, 64 lower-case hexadecimal digits. */
    public String hash() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the public part only. */
    @Override
    public String toString() {
        return "bly_" + id + "_…";
    }
}
