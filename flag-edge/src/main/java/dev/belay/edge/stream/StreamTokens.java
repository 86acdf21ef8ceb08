// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.time.Instant;
import java.util.Optional;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.edge.Place;
import dev.belay.http.KeyDirectory;
import dev.belay.http.ProblemException;
import jakarta.inject.Singleton;

/** Gives out addresses of streams, and lets in who comes with one. */
@Singleton
public class StreamTokens {
    static final String PARAMETER = "token";

    private final KeyDirectory keys;

    StreamTokens(KeyDirectory keys) {
        this.keys = keys;
    }

    /** Returns path and query of the place's stream, good for today and tomorrow; empty when the key ended meanwhile. */
    public Optional<String> uri(String keyId, Place place, Instant now) {
        return keys.find(keyId)
                .map(key -> StreamResource.PATH + "?" + PARAMETER + "="
                        + StreamToken.of(key, place, now).text());
    }

    /**
     * Returns whose stream it opens.
     *
     * @throws ProblemException 401 if the token is none, is over, or its key may no longer look there; 503 while starting
     */
    StreamToken redeem(String text, Instant now) {
        if (!keys.isAnswering()) {
            throw ProblemException.unavailable("starting", "the keys are being read; try again");
        }
        StreamToken token = parse(text);
        ApiKey key = keys.find(token.keyId()).orElseThrow(StreamTokens::refused);
        Place place = token.place();
        if (!token.isGood(key, now) || !key.allows(now, place.project(), place.environment())) {
            throw refused();
        }
        return token;
    }

    /** Returns whether a key that opened a stream may still look there: neither revoked, nor over, nor limited otherwise. */
    boolean mayGoOn(String keyId, Place place, Instant now) {
        return keys.find(keyId)
                .filter(key -> key.allows(now, place.project(), place.environment()))
                .isPresent();
    }

    private static StreamToken parse(String text) {
        try {
            return StreamToken.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    private static ProblemException refused() {
        return ProblemException.unauthorized("the token is unknown or over; evaluate all flags again for another");
    }
}
