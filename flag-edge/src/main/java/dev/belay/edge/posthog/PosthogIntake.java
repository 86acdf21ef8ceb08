// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.edge.Place;
import dev.belay.edge.events.Intake;
import dev.belay.edge.exposures.Sightings;
import dev.belay.edge.posthog.PosthogReading.Belonging;
import dev.belay.edge.serving.Serving;
import dev.belay.edge.signals.RefusalLog;
import dev.belay.http.KeyDirectory;
import dev.belay.http.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Brings what PostHog's clients send to the broker, event by event. */
@Singleton
public class PosthogIntake {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KeyDirectory keys;
    private final Serving serving;
    private final Sightings sightings;
    private final Intake intake;
    private final RefusalLog log = new RefusalLog(PosthogReader.SOURCE);

    PosthogIntake(KeyDirectory keys, Serving serving, Sightings sightings, Intake intake) {
        this.keys = keys;
        this.serving = serving;
        this.sightings = sightings;
        this.intake = intake;
    }

    /**
     * Takes in a request.
     *
     * @param sentMillis when the client says it sent this, where the body does not say; null when it does not say either
     * @return nothing when the broker has everything that could be read; fails with a {@link ProblemException} of status 503
     *     when it has not
     * @throws ProblemException 401 without a good key, 400 or 403 if the key is for no such place, 503 while starting
     */
    Uni<@Nullable Void> take(
            PosthogBody sent, @Nullable String project, @Nullable String environment, @Nullable Long sentMillis) {
        ApiKey key = authenticate(sent.token());
        Place place = place(key, project, environment);
        if (!serving.isServing()) {
            throw ProblemException.unavailable("starting", "flags are being read; try again");
        }
        Instant now = Instant.now();
        Instant sentAt = sent.sentAt() == null && sentMillis != null ? Instant.ofEpochMilli(sentMillis) : sent.sentAt();
        PosthogReader reader =
                new PosthogReader(place, serving, (flag, unit) -> sightings.isFirst(flag, unit, now), sentAt, now);
        Intake.Batch batch = intake.batch();
        int refused = 0;
        for (JsonNode event : sent.events()) {
            String token = PosthogBody.tokenOf(event);
            refused += token == null || token.equals(sent.token())
                    ? add(batch, reader.read(event))
                    : refuse("token must be that of the request");
        }
        intake.count(PosthogReader.SOURCE, "refused", refused);
        return batch.allWritten(PATIENCE);
    }

    /** @return how many were refused */
    private int add(Intake.Batch batch, PosthogReading reading) {
        if (reading instanceof PosthogReading.Refused refused) {
            return refuse(refused.reason());
        }
        if (reading instanceof PosthogReading.Ignored ignored) {
            intake.count(PosthogReader.SOURCE, ignored.reason(), 1);
        } else if (reading instanceof PosthogReading.Happened happened) {
            intake.count(PosthogReader.SOURCE, "outcome", 1);
            batch.add(happened.outcome());
        } else if (reading instanceof PosthogReading.Exposed exposed) {
            intake.count(PosthogReader.SOURCE, result(exposed.belonging()), 1);
            expose(batch, exposed.exposure(), exposed.belonging());
        }
        return 0;
    }

    private void expose(Intake.Batch batch, Exposure exposure, Belonging belonging) {
        batch.add(exposure, belonging == Belonging.KNOWN);
        if (belonging != Belonging.RETURNING) {
            batch.onFailure(() -> sightings.forget(exposure.ref(), exposure.unit()));
        }
    }

    private int refuse(String reason) {
        log.say(reason);
        return 1;
    }

    private static String result(Belonging belonging) {
        return switch (belonging) {
            case KNOWN -> "exposure";
            case UNATTRIBUTED -> "unattributed";
            case RETURNING -> "returning";
        };
    }

    private ApiKey authenticate(@Nullable String token) {
        if (!keys.isAnswering()) {
            throw ProblemException.unavailable("starting", "the keys are being read; try again");
        }
        if (token == null) {
            throw ProblemException.unauthorized("a key is needed: api_key or token in the body");
        }
        return keys.authenticate(token)
                .orElseThrow(() -> ProblemException.unauthorized("the key is unknown, revoked or expired"));
    }

    private Place place(ApiKey key, @Nullable String project, @Nullable String environment) {
        try {
            return Place.of(key, project, environment);
        } catch (ProblemException e) {
            refuse("key " + key.id() + ": " + e.getMessage());
            throw e;
        }
    }
}
