// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.belay.contracts.Require;
import dev.belay.edge.Place;
import org.jspecify.annotations.Nullable;

/**
 * An Internal Integration of Sentry that may report here.
 *
 * @param name last part of the webhook's address
 * @param secret the integration's client secret
 * @param place project and environment its errors are about
 * @param environment name of that environment in Sentry; errors of another one are not counted
 */
record SentrySource(String name, String secret, Place place, String environment) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_SECRET = 16;
    private static final Pattern FORM =
            Pattern.compile("(?<name>[^=]+)=(?<secret>[^@]+)@(?<project>[^/]+)/(?<environment>[^:]+)(:(?<theirs>.+))?");

    /** @throws IllegalArgumentException if the name is none or the secret is shorter than 16 characters */
    SentrySource {
        Require.name(name, "belay.edge.sentry");
        Require.that(
                secret.length() >= SHORTEST_SECRET,
                "belay.edge.sentry",
                "must have a secret of at least " + SHORTEST_SECRET + " characters",
                secret.length() + " characters");
    }

    /**
     * Reads {@code name=secret@project/environment} or, where Sentry names the environment otherwise,
     * {@code name=secret@project/environment:theirs}.
     *
     * @throws IllegalArgumentException if the text has another form; the message does not repeat it
     */
    static SentrySource parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        Require.that(
                parts.matches(),
                "belay.edge.sentry",
                "must have the form name=secret@project/environment[:sentry-environment]",
                "another text");
        String theirs = parts.group("theirs");
        String environment = parts.group("environment");
        return new SentrySource(
                parts.group("name"),
                parts.group("secret"),
                new Place(parts.group("project"), environment),
                theirs == null ? environment : theirs);
    }

    /**
     * Returns whether the holder of the secret signed these bytes. Takes as long for a wrong signature as for the right one.
     *
     * @param signature hexadecimal HMAC-SHA256 as sent; null for none
     */
    boolean signed(byte[] body, @Nullable String signature) {
        byte[] claimed = (signature == null ? "" : signature.strip()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sign(body).getBytes(StandardCharsets.UTF_8), claimed);
    }

    /** Returns the signature of these bytes. */
    String sign(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return name + "=…@" + place.project() + "/" + place.environment();
    }
}
