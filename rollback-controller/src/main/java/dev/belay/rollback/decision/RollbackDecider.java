// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.util.Locale;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a verdict takes out.
 *
 * <p>A function of the verdict alone, but for the number of treatments: every replica that reads the same verdict writes
 * the same record, down to its time.
 */
public final class RollbackDecider {
    private static final Actor SELF = Actor.service("rollback-controller");
    private static final double LARGEST_SHOWN_LOG = 50;

    private RollbackDecider() {}

    /**
     * Returns the rollback that the verdict asks for, if it does. When what exactly is to be taken out cannot be told,
     * everything is.
     *
     * @param plan the rollout's plan; null when it is not known, and then a breach takes out everything
     */
    public static Optional<Rollback> decide(Verdict verdict, @Nullable Plan plan) {
        if (verdict.decision() != Decision.BREACHED || verdict.then() != Guardrail.Then.ROLLBACK) {
            return Optional.empty();
        }
        return Optional.of(new Rollback(
                verdict.project(),
                verdict.environment(),
                verdict.flag(),
                verdict.epoch(),
                target(verdict, plan),
                reason(verdict),
                verdict,
                SELF,
                verdict.at()));
    }

    private static RollbackTarget target(Verdict verdict, @Nullable Plan plan) {
        RollbackTarget variant = RollbackTarget.variant(verdict.variant());
        return switch (verdict.scope()) {
            case ALL -> RollbackTarget.ALL;
            case VARIANT -> variant;
            case SEGMENT -> segment(verdict).orElse(RollbackTarget.ALL);
            case AUTO ->
                segment(verdict).orElse(plan != null && plan.treatments().size() > 1 ? variant : RollbackTarget.ALL);
        };
    }

    private static Optional<RollbackTarget> segment(Verdict verdict) {
        String segment = verdict.segment();
        int equals = segment == null ? -1 : segment.indexOf('=');
        if (segment == null || equals <= 0) {
            return Optional.empty();
        }
        return Optional.of(RollbackTarget.segment(segment.substring(0, equals), segment.substring(equals + 1)));
    }

    private static String reason(Verdict verdict) {
        String sentence = verdict.sentence();
        if (sentence != null) {
            return sentence;
        }
        Double ratio = verdict.estimate().ratio();
        String change = ratio == null ? "changed" : String.format(Locale.ROOT, "%+.0f %%", (ratio - 1) * 100);
        String verb = verdict.limit() == Guardrail.Limit.FALLS ? "falls" : "rises";
        return String.format(
                Locale.ROOT,
                "%s %s against control (limit: %s %.0f %%), harm proven %.0f:1",
                verdict.metric(),
                change,
                verb,
                verdict.threshold() * 100,
                Math.exp(Math.min(verdict.logEvidence(), LARGEST_SHOWN_LOG)));
    }
}
