// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.standalone.Api;

/** Asks the edge what it serves to shoppers, as their clients do. */
final class Clients {
    private static final String EVALUATIONS = "/ofrep/v1/evaluate/flags";
    private static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Api client;

    /** @param client with the key of a client */
    Clients(Api client) {
        this.client = client;
    }

    /**
     * Asks for each shopper until all get what they should, for ten seconds at most.
     *
     * @param isOn whether a shopper should get the treatment
     * @return how many got what they should when all were asked last
     */
    long served(List<Shopper> shoppers, Predicate<Shopper> isOn) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            long right = 0;
            for (Shopper shopper : shoppers) {
                right += serves(shopper) == isOn.test(shopper) ? 1 : 0;
            }
            if (right == shoppers.size() || Instant.now().isAfter(end)) {
                return right;
            }
        }
    }

    /** All flags at once: that is no exposure, so asking changes no comparison. */
    private boolean serves(Shopper shopper) throws IOException, InterruptedException {
        for (JsonNode flag :
                client.post(EVALUATIONS, JSON, shopper.evaluationBody()).path("flags")) {
            if (flag.path("key").asText().equals(Demo.FLAG)) {
                return flag.path("value").asBoolean();
            }
        }
        throw new IOException("the edge said nothing of flag " + Demo.FLAG);
    }
}
