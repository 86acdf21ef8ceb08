// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.input;

import java.time.Instant;
import java.util.Map;

import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Clause;

/** Exposures and outcomes as the edge would have written them, for rollouts of {@link Facts#rollout}. */
public final class Events {
    private static final double SHARE = 0.5;
    private static final double TREATED = 0.25;
    private static final double NOT_TREATED = 0.75;
    private static final double AMOUNT = 42.5;

    private Events() {}

    public static Exposure exposure(String flag, String unit, boolean treated, Instant at) {
        return new Exposure(
                "x-" + flag + "-" + unit,
                Facts.PROJECT,
                Facts.ENVIRONMENT,
                flag,
                Unit.user(unit),
                treated ? Facts.TREATMENT : Facts.CONTROL,
                1,
                1,
                Clause.REST,
                SHARE,
                treated ? TREATED : NOT_TREATED,
                Map.of(),
                1,
                at,
                "ofrep");
    }

    /** @param number tells several of a unit apart */
    public static Outcome purchase(String unit, int number, Instant at) {
        return new Outcome(
                "o-" + unit + "-" + number,
                Facts.PROJECT,
                Facts.ENVIRONMENT,
                Unit.user(unit),
                Facts.PURCHASE,
                AMOUNT,
                Map.of(),
                null,
                null,
                at,
                "events");
    }
}
