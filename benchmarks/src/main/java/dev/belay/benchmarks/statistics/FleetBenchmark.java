// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Combination;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Gate;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.Member;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;
import dev.belay.statistics.Stratum;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A thousand guardrails, each in twenty scopes with a stratum of its own: a block for each, gates, combinations. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FleetBenchmark {
    static final int GUARDRAILS = 1_000;
    static final int SCOPES = 20;
    private static final double ALPHA = 0.01;
    private static final Stratum BLOCK = new Stratum(45, 5, 4, 1);

    private final List<List<Scoped>> guardrails = new ArrayList<>();
    private final Gate gate = new Gate(Direction.DROP, 0.2);

    private static final class Scoped {
        final RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.DROP, 0.2, 0)));
        Stratum sum = Stratum.EMPTY;

        Member judge(Gate gate) {
            process.update(
                    BLOCK.controlUnits(), BLOCK.treatmentUnits(), BLOCK.controlEvents(), BLOCK.treatmentEvents());
            sum = sum.plus(BLOCK);
            return Member.of(1.0 / SCOPES, process, gate.isOpen(MantelHaenszel.of(List.of(sum))));
        }
    }

    public FleetBenchmark() {
        for (int guardrail = 0; guardrail < GUARDRAILS; guardrail++) {
            List<Scoped> scopes = new ArrayList<>();
            for (int scope = 0; scope < SCOPES; scope++) {
                scopes.add(new Scoped());
            }
            guardrails.add(scopes);
        }
    }

    /** Returns how many guardrails are breached. */
    @Benchmark
    public int judgeAll() {
        int breached = 0;
        for (List<Scoped> scopes : guardrails) {
            List<Member> members = new ArrayList<>(SCOPES);
            scopes.forEach(scope -> members.add(scope.judge(gate)));
            breached += Combination.of(members, ALPHA).breach() ? 1 : 0;
        }
        return breached;
    }
}
