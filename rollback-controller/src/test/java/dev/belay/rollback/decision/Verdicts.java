// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;

/** Verdicts for tests that need a broker. */
public final class Verdicts {
    private Verdicts() {}

    public static Verdict breach(FlagRef flag, int epoch) {
        return breach(flag, epoch, Instant.parse("2026-01-05T12:00:00Z"));
    }

    /** The same breach, said again. */
    public static Verdict later(Verdict verdict) {
        return breach(verdict.ref(), verdict.epoch(), verdict.at().plusSeconds(10));
    }

    /** A guarded rollout in its only stage. */
    public static RolloutState running(FlagRef flag, int epoch, Instant since) {
        RolloutState of = Samples.running(epoch, since);
        return new RolloutState(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch,
                1,
                of.status(),
                of.plan(),
                of.allocations(),
                since,
                null,
                false,
                of.by(),
                of.reason(),
                since,
                since);
    }

    /** A heartbeat: nothing is known yet. */
    public static Verdict undecided(FlagRef flag, int epoch, Instant at) {
        Verdict of = Samples.said(Decision.UNDECIDED, at, Reason.NOT_ENOUGH_EVIDENCE);
        return new Verdict(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch,
                1,
                0,
                of.guardrail(),
                of.metric(),
                of.variant(),
                null,
                of.decision(),
                of.reasons(),
                of.limit(),
                of.threshold(),
                of.then(),
                of.scope(),
                of.estimate(),
                of.control(),
                of.treatment(),
                of.stageControl(),
                of.stageTreatment(),
                of.treatedUnits(),
                of.excluded(),
                of.logEvidence(),
                of.logLimit(),
                of.logHealthy(),
                of.logHealthyLimit(),
                of.blocks(),
                null,
                null,
                at);
    }

    private static Verdict breach(FlagRef flag, int epoch, Instant at) {
        return new Verdict(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch,
                1,
                0,
                "conversion",
                "checkout-conversion",
                "on",
                null,
                Decision.BREACHED,
                List.of(),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(0.73, 0.55, 0.96),
                new Counts(18_000, 720),
                new Counts(6_000, 175),
                18_000,
                6_000,
                6_000,
                Map.of(),
                Math.log(198),
                Math.log(100),
                -5,
                Math.log(20),
                40,
                at,
                at.minusMillis(120),
                at);
    }
}
