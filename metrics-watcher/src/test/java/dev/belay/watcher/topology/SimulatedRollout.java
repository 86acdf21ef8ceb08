// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.evaluation.Bucketing;

/**
 * Visitors of one rollout with everything that has misled such comparisons: people who come back and do more when they do,
 * internal users who never buy, beta users who buy twice as often, purchases that come late, often in a later stage, a season, raises, and an
 * edit of the targeting in the middle of a stage.
 */
final class SimulatedRollout {
    private static final String INTERNAL = "segment:internal";
    private static final String BETA = "segment:beta";
    private static final double RETURNING = 0.3;
    private static final double BASE = 0.25;
    private static final double ERRORS = 0.10;
    private static final double SEASON = 0.4;
    private static final int SEASON_VISITS = 700;
    private static final Duration APART = Duration.ofMillis(20);
    private static final Duration MEAN_DELAY = Duration.ofSeconds(5);
    private static final int GLANCE = 50;
    private static final double FIRST = 0.04;
    private static final double SECOND = 0.10;

    private final Setting setting;
    private final SplittableRandom random;
    private final List<Person> people = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));

    /**
     * What is played.
     *
     * @param seed seed of everything
     * @param visits how many visits there are
     * @param ratio purchases of treatment relative to control
     */
    record Setting(long seed, int visits, double ratio) {}

    private record Person(String unit, String group, double bucket, double arm) {}

    private record Due(Instant at, String unit, String event) {}

    SimulatedRollout(Setting setting) {
        this.setting = setting;
        this.random = new SplittableRandom(setting.seed());
    }

    /** Starts the plan as the next epoch and plays it to the end of its last stage. */
    void play(Watched watched, Plan plan) {
        watched.start(plan);
        int stages = plan.stages().size();
        for (int visit = 0; visit < setting.visits(); visit++) {
            int next = watched.state().stage() + 1;
            if (next < stages && visit >= begin(next, stages) * setting.visits()) {
                watched.raise();
            }
            if (visit == setting.visits() / 2) {
                watched.reallocate();
            }
            visit(watched, plan, visit);
            if (visit % GLANCE == GLANCE - 1) {
                pass(watched, APART.multipliedBy(GLANCE));
            }
        }
        while (!due.isEmpty()) {
            pass(watched, Duration.ofSeconds(5));
        }
        watched.drain(plan.guardrails().get(0).name());
    }

    /** Returns which part of all visits comes before a stage: few people are internal or beta users. */
    private static double begin(int stage, int stages) {
        return stage == 1 ? FIRST : FIRST + SECOND + (stage - 2) * (1 - FIRST - SECOND) / (stages - 2);
    }

    private void visit(Watched watched, Plan plan, int visit) {
        boolean returns = !people.isEmpty() && random.nextDouble() < RETURNING;
        Person person = returns ? people.get(random.nextInt(people.size())) : somebody(visit);
        Optional<Clause> clause = watched.state().allocation().orElseThrow().clause(person.group());
        if (clause.isEmpty()) {
            return;
        }
        boolean treated = clause.get().treats(person.bucket());
        String variant = treated ? treatment(plan, person) : plan.control();
        watched.feed(watched.exposure(person.unit(), person.group(), person.bucket(), variant, watched.now()));
        double season = 1 + SEASON * Math.sin(2 * Math.PI * visit / SEASON_VISITS);
        double rate = rate(person) * season * (returns ? 1.5 : 1) * (treated ? setting.ratio() : 1);
        if (random.nextDouble() < rate) {
            happens(watched, person, Watched.PURCHASE);
        }
        if (random.nextDouble() < ERRORS * season) {
            happens(watched, person, Watched.ERROR);
        }
    }

    private Person somebody(int visit) {
        double kind = random.nextDouble();
        String group = kind < 0.03 ? INTERNAL : kind < 0.10 ? BETA : Clause.REST;
        String unit = "u" + setting.seed() + "-" + visit;
        Person person = new Person(
                unit,
                group,
                Bucketing.bucket(Watched.FLAG.flag(), unit, Bucketing.ROLLOUT),
                Bucketing.bucket(Watched.FLAG.flag(), unit, Bucketing.VARIANT));
        people.add(person);
        return person;
    }

    private static String treatment(Plan plan, Person person) {
        int count = plan.treatments().size();
        return plan.treatments().get(Math.min(count - 1, (int) (person.arm() * count)));
    }

    private static double rate(Person person) {
        return switch (person.group()) {
            case INTERNAL -> 0;
            case BETA -> 2 * BASE;
            default -> BASE;
        };
    }

    private void happens(Watched watched, Person person, String event) {
        double late = -Math.log(1 - random.nextDouble()) * MEAN_DELAY.toMillis();
        due.add(new Due(watched.now().plusMillis(1 + (long) late), person.unit(), event));
    }

    private void pass(Watched watched, Duration time) {
        watched.pass(time);
        for (Due next = due.peek(); next != null && !next.at().isAfter(watched.now()); next = due.peek()) {
            due.poll();
            watched.feed(watched.outcome(next.unit(), next.event(), next.at()));
        }
    }
}
