// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** The caller of the request being answered. */
@RequestScoped
public class CurrentCaller {
    private static final String HMAC = "HmacSHA256";

    private @Nullable Caller caller;
    private @Nullable String keyText;

    /** @throws ProblemException 401 in an open resource that was called without a key */
    public Caller get() {
        if (caller == null) {
            throw ProblemException.unauthorized("a key is needed");
        }
        return caller;
    }

    /**
     * Returns 32 bytes that nobody can know without the caller's key, the same for the same label: HMAC-SHA-256 of the label.
     *
     * @throws ProblemException 401 in an open resource that was called without a key
     */
    public byte[] derive(String label) {
        String known = keyText;
        if (known == null) {
            throw ProblemException.unauthorized("a key is needed");
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(known.getBytes(StandardCharsets.UTF_8), HMAC));
            return mac.doFinal(label.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    void set(Caller found, String sent) {
        caller = found;
        keyText = sent;
    }
}
