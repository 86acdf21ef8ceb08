// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

import static java.util.Objects.requireNonNull;

/**
 * A single guardrail in the scope of the whole rollout, with all the weight there is: what anyone can check by hand, block by block.
 *
 * <p>Evidence is that of {@link RatioProcess}; ratio and interval are over the strata so far; the breach is latched. Health is one process
 * over all blocks, because blocks do not say where a stage begins. Mutable and not thread-safe.
 */
public final class LoneGuardrail {
    /** Level of the interval that people see; it decides nothing. */
    private static final double SHOWN_ALPHA = 0.05;

    private final Question question;
    private final RatioProcess harm;
    private final RatioProcess health;
    private final Gate gate;
    private final SortedMap<String, Stratum> strata = new TreeMap<>();
    private OptionalDouble clustered = OptionalDouble.empty();
    private boolean isBreached;

    /**
     * What is asked.
     *
     * @param mode how events relate to exposures
     * @param direction harmful direction
     * @param threshold relative change that is forbidden, as a fraction; DROP (0, 1), RISE above 0
     * @param sensitivity preset
     * @param alpha probability of a false breach, in (0, 1)
     * @param beta probability of calling a change of the threshold healthy, in (0, 1)
     * @param baseRate events per control unit before the rollout, in (0, 1); empty when unknown
     * @param cumulative whether a block's units are all of the stratum so far, as cohorts in ARRIVAL mode are, or new ones
     */
    public record Question(
            OutcomeMode mode,
            Direction direction,
            double threshold,
            Sensitivity sensitivity,
            double alpha,
            double beta,
            OptionalDouble baseRate,
            boolean cumulative) {

        /** @throws IllegalArgumentException if a number is out of its range */
        public Question {
            requireNonNull(mode, "mode");
            requireNonNull(direction, "direction");
            requireNonNull(sensitivity, "sensitivity");
            direction.requireThreshold("threshold", threshold);
            Ranges.insideUnit("alpha", alpha);
            Ranges.insideUnit("beta", beta);
            baseRate.ifPresent(rate -> Ranges.insideUnit("baseRate", rate));
        }
    }

    /** What is concluded. */
    public enum Verdict {
        /** Harm was proven at this block or before. */
        BREACHED,
        /** The change is proven to be within the threshold, and nothing warns. */
        HEALTHY,
        /** Neither. */
        UNDECIDED
    }

    /**
     * How things stand after a block.
     *
     * @param logHarm log evidence of harm
     * @param logHealthy log evidence of health
     * @param ratio stratified ratio, empty while control has no event to compare with
     * @param interval 95 % interval of the ratio, valid at every look
     * @param verdict what is concluded
     */
    public record Look(double logHarm, double logHealthy, OptionalDouble ratio, Interval interval, Verdict verdict) {}

    /** Begins with nothing seen. */
    public LoneGuardrail(Question question) {
        this.question = question;
        Alternatives bets = Alternatives.harm(
                question.direction(),
                question.threshold(),
                question.sensitivity().margin(question.threshold()));
        harm = RatioProcess.start(test(bets));
        health = RatioProcess.start(test(Alternatives.healthy(question.direction(), question.threshold())));
        gate = new Gate(question.direction(), question.sensitivity().gate(question.threshold()));
    }

    private RatioTest test(Alternatives bets) {
        RatioTest test = RatioTest.of(question.mode(), bets);
        return question.baseRate().isPresent()
                ? test.withBaseRate(question.baseRate().getAsDouble())
                : test;
    }

    /**
     * Takes in a block of which a unit has one event at most.
     *
     * @param stratum name of the stratum
     * @param block new events; units as the question says
     * @throws IllegalArgumentException if events exceed units in BERNOULLI mode; nothing is changed then
     */
    public Look take(String stratum, Stratum block) {
        return take(stratum, block, OptionalDouble.empty());
    }

    /**
     * Takes in a block.
     *
     * @param stratum name of the stratum
     * @param block new events; units as the question says
     * @param dispersion what events are divided by, as for {@link RatioProcess#updateClustered}; empty for nothing
     * @throws IllegalArgumentException if events exceed units in BERNOULLI mode, or may not be divided; nothing is changed then
     */
    public Look take(String stratum, Stratum block, OptionalDouble dispersion) {
        update(harm, block, dispersion);
        update(health, block, dispersion);
        clustered = dispersion;
        strata.merge(stratum, block, this::joined);
        List<Stratum> all = new ArrayList<>(strata.values());
        MantelHaenszel estimate = MantelHaenszel.of(all);
        Combination combined = Combination.of(List.of(Member.of(1, harm, gate.isOpen(estimate))), question.alpha());
        isBreached |= combined.breach();
        return new Look(
                harm.logE(),
                health.logE(),
                estimate.ratio(),
                RatioConfidenceSequence.interval(
                        clustered.isEmpty()
                                ? all
                                : all.stream()
                                        .map(each -> each.clustered(clustered.getAsDouble()))
                                        .toList(),
                        SHOWN_ALPHA),
                verdict(combined.warning()));
    }

    private static void update(RatioProcess process, Stratum block, OptionalDouble dispersion) {
        if (dispersion.isEmpty()) {
            process.update(
                    block.controlUnits(), block.treatmentUnits(), block.controlEvents(), block.treatmentEvents());
        } else {
            process.updateClustered(
                    block.controlUnits(),
                    block.treatmentUnits(),
                    block.controlEvents(),
                    block.treatmentEvents(),
                    dispersion.getAsDouble());
        }
    }

    private Stratum joined(Stratum before, Stratum block) {
        return question.cumulative()
                ? new Stratum(
                        block.controlUnits(),
                        block.treatmentUnits(),
                        before.controlEvents() + block.controlEvents(),
                        before.treatmentEvents() + block.treatmentEvents())
                : before.plus(block);
    }

    private Verdict verdict(boolean warning) {
        if (isBreached) {
            return Verdict.BREACHED;
        }
        boolean isHealthy = health.logE() >= -StrictMath.log(question.beta());
        return isHealthy && !warning ? Verdict.HEALTHY : Verdict.UNDECIDED;
    }
}
