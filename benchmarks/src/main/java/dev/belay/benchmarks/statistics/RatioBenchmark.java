// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.statistics;

import java.util.concurrent.TimeUnit;

import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One block of a process with four alternatives, beside nothing but the logarithms of its formulas (statistics.md §4.1): per alternative
 * two log, two log1p and a square root or none, then the log of a sum of exponentials.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RatioBenchmark {
    private static final int BLOCKS = 1_024;
    private static final long CONTROL = 95;
    private static final long TREATMENT = 5;
    /** Evidence would leave the doubles after some years of this. */
    private static final int RESTART = 1 << 20;

    private final long[] controlEvents = new long[BLOCKS];
    private final long[] treatmentEvents = new long[BLOCKS];
    private final Floor floor = new Floor();
    private RatioProcess bernoulli = start(OutcomeMode.BERNOULLI);
    private RatioProcess arrival = start(OutcomeMode.ARRIVAL);
    private int next;

    /** Makes the blocks: a tenth converts. */
    @Setup
    public void blocks() {
        for (int i = 0; i < BLOCKS; i++) {
            controlEvents[i] = 5 + (i * 7L) % 11;
            treatmentEvents[i] = (i * 5L) % 2 + 1;
        }
    }

    private static RatioProcess start(OutcomeMode mode) {
        return RatioProcess.start(RatioTest.of(mode, Alternatives.harm(Direction.DROP, 0.2, 0)));
    }

    /** Returns the evidence after one more block. */
    @Benchmark
    public double bernoulli() {
        int block = next++ & (BLOCKS - 1);
        if ((next & (RESTART - 1)) == 0) {
            bernoulli = start(OutcomeMode.BERNOULLI);
        }
        bernoulli.update(CONTROL, TREATMENT, controlEvents[block], treatmentEvents[block]);
        return bernoulli.logE();
    }

    /** Returns the evidence after one more block. */
    @Benchmark
    public double arrival() {
        int block = next++ & (BLOCKS - 1);
        if ((next & (RESTART - 1)) == 0) {
            arrival = start(OutcomeMode.ARRIVAL);
        }
        arrival.update(CONTROL, TREATMENT, controlEvents[block], treatmentEvents[block]);
        return arrival.logE();
    }

    /** Returns the evidence after one more block, by hand. */
    @Benchmark
    public double floorOfBernoulli() {
        int block = next++ & (BLOCKS - 1);
        if ((next & (RESTART - 1)) == 0) {
            floor.clear();
        }
        return floor.block(CONTROL, TREATMENT, controlEvents[block], treatmentEvents[block]);
    }
}
