// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.Set;

/** A rule that takes part, under the name it has in the tables. */
enum Contestant {
    BELAY_1("Belay, α = 1 % (default)", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    BELAY_5("Belay, α = 5 %", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    BELAY_1_UNGATED("Belay, α = 1 %, without the gate", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    BELAY_5_UNGATED("Belay, α = 5 %, without the gate", Cell.Purpose.HARM),
    ARRIVAL_1("Belay, arrival mode, α = 1 %", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    MSPRT("mSPRT, tuned, 5 %", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    GROWTHBOOK("GrowthBook Safe Rollout, 5 %", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    GROWTHBOOK_150("… from 150 conversions on", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    MULTINOMIAL("Netflix multinomial, 5 %", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    PEEKED_Z("z-test peeked, from 100 users on", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    POINT_100("point threshold, from 100 users on", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    POINT_1000("point threshold, from 1,000 users on", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    FLAGGER_CONSECUTIVE("Flagger-like, 5 minutes in a row", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    FLAGGER("Flagger-like, 5 failed checks", Cell.Purpose.FALSE_ROLLBACK, Cell.Purpose.HARM),
    HEALTHY("Belay HEALTHY, β = 5 %", Cell.Purpose.HEALTH),
    HEALTHY_ARRIVAL("Belay HEALTHY, arrival mode, β = 5 %", Cell.Purpose.HEALTH);

    private static final double ALPHA = 0.01;
    private static final double BETA = 0.05;
    private static final double LOG_ALPHA_LIMIT = -StrictMath.log(ALPHA);
    private static final double LOG_BETA_LIMIT = -StrictMath.log(BETA);
    private static final long HUNDRED = 100;
    private static final long THOUSAND = 1_000;
    private static final long CONVERSIONS = 150;

    private final String title;
    private final Set<Cell.Purpose> purposes;

    Contestant(String title, Cell.Purpose... purposes) {
        this.title = title;
        this.purposes = Set.of(purposes);
    }

    String title() {
        return title;
    }

    boolean takesPartIn(Cell cell) {
        return purposes.contains(cell.purpose());
    }

    /** Returns the probability of an error that the rule claims. */
    double level() {
        return switch (this) {
            case BELAY_1, BELAY_1_UNGATED, ARRIVAL_1 -> ALPHA;
            default -> BETA;
        };
    }

    /** Returns the rule for one rollout. */
    Rule rule(Cell cell, Engines engines) {
        return switch (this) {
            case BELAY_1 -> peek -> engines.instant().reaches(LOG_ALPHA_LIMIT, peek, true);
            case BELAY_5 -> peek -> engines.instant().reaches(LOG_BETA_LIMIT, peek, true);
            case BELAY_1_UNGATED -> peek -> engines.instant().reaches(LOG_ALPHA_LIMIT, peek, false);
            case BELAY_5_UNGATED -> peek -> engines.instant().reaches(LOG_BETA_LIMIT, peek, false);
            case ARRIVAL_1 -> peek -> engines.arrival().reaches(LOG_ALPHA_LIMIT, peek, true);
            case HEALTHY -> peek -> engines.health().logE() >= LOG_BETA_LIMIT;
            case HEALTHY_ARRIVAL -> peek -> engines.healthArrival().logE() >= LOG_BETA_LIMIT;
            case MSPRT -> Rules.msprt(cell);
            case GROWTHBOOK -> Rules.growthBook(0);
            case GROWTHBOOK_150 -> Rules.growthBook(CONVERSIONS);
            case MULTINOMIAL -> Rules.multinomial(cell);
            case PEEKED_Z -> Rules.peekedZ(HUNDRED);
            case POINT_100 -> Rules.point(HUNDRED);
            case POINT_1000 -> Rules.point(THOUSAND);
            case FLAGGER_CONSECUTIVE -> Rules.flagger(cell, true);
            case FLAGGER -> Rules.flagger(cell, false);
        };
    }
}
