// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Someone who visits the shop.
 *
 * @param id targeting key
 * @param internal whether an employee
 * @param beta whether in the beta programme
 * @param country where from
 * @param buyDraw decides whether the shopper buys: yes when below the probability, 0 to 1
 * @param errorDraw decides whether the shopper sees an error, 0 to 1
 * @param thinkMillis time until the outcome, in milliseconds
 */
record Shopper(
        String id, boolean internal, boolean beta, String country, double buyDraw, double errorDraw, int thinkMillis) {
    /** Share of employees. */
    static final double INTERNAL = 0.02;
    /** Share of people in the beta programme. */
    static final double BETA = 0.03;
    /** Share of visits by someone who was there before. */
    static final double RETURNING = 0.2;
    /** Where they come from, equally many from each. */
    static final List<String> COUNTRIES = List.of("US", "IN", "UK", "DE");

    private static final int SHORTEST_THOUGHT = 200;
    private static final int LONGEST_THOUGHT = 1_500;
    private static final long SEED_STRIDE = 1_000_003L;

    /** Returns who comes in that visit; the same for the same seed. */
    static Shopper visiting(long seed, long visit) {
        SplittableRandom random = new SplittableRandom(-seed * SEED_STRIDE - visit);
        boolean returns = visit > 0 && random.nextDouble() < RETURNING;
        return number(seed, returns ? random.nextLong(visit) : visit);
    }

    private static Shopper number(long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed * SEED_STRIDE + number);
        return new Shopper(
                "shopper-" + seed + "-" + number,
                random.nextDouble() < INTERNAL,
                random.nextDouble() < BETA,
                COUNTRIES.get(random.nextInt(COUNTRIES.size())),
                random.nextDouble(),
                random.nextDouble(),
                SHORTEST_THOUGHT + random.nextInt(LONGEST_THOUGHT));
    }

    /** Returns the body of an OFREP evaluation for this shopper. */
    String evaluationBody() {
        String email = internal ? id + "@shop.example" : id + "@mail.example";
        return "{\"context\":{\"targetingKey\":\"" + id + "\",\"email\":\"" + email + "\",\"beta\":" + beta
                + ",\"country\":\"" + country + "\"}}";
    }
}
