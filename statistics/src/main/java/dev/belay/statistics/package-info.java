// SPDX-License-Identifier: Apache-2.0
/**
 * Pure statistics of guardrails: e-processes, intervals and planning, as specified in statistics.md. No clock, no I/O, no
 * framework; the same counts give the same bits.
 *
 * <p>How the pieces make one verdict, as the end-to-end reference vectors define it:
 *
 * <ul>
 *   <li><b>Members.</b> Per guardrail one {@link dev.belay.statistics.RatioProcess} of the harm test for the whole
 *       rollout, and from the second stage on a fresh one per stage; every block goes to both. Weights are
 *       {@link dev.belay.statistics.MemberWeights}: guardrail weight times scope weight.
 *   <li><b>Gates.</b> The rollout member's gate looks at all strata so far, the stage member's gate at the strata of its
 *       own stage only. Gating the stage member by the rollout's estimate contradicts the vectors.
 *   <li><b>Healthy.</b> One process of the healthy test per guardrail, started afresh with every stage, the first
 *       included; it has no gate, no weight and is not latched: a stage that was healthy may become undecided again.
 *       All of them must be at {@code log(1 / beta)} or more now, not once.
 *   <li><b>Order.</b> Breach first, then holds (sample ratio at {@code log(1 / 0.001)}, warning, missing data), then
 *       healthy, then undecided.
 *   <li><b>Sample ratio.</b> Summed over all stages of the rollout, each with its own nominal shares; never reset.
 *   <li><b>Arrival mode.</b> The vectors hand each block's exposures as weights because their events arrive with the
 *       exposures. Delayed conversions take the cohort's size so far instead (statistics.md §2), one update per cohort and
 *       window. Both are valid because the split within a stratum is constant.
 * </ul>
 *
 * <p>What each kind of metric is fed to, one update per closed block:
 *
 * <ul>
 *   <li><b>conversion, rate.</b> {@link dev.belay.statistics.RatioProcess}, in ARRIVAL mode with cohorts, or in BERNOULLI mode with units
 *       whose window is over, each in one block. Counts per unit instead of units with an event:
 *       {@link dev.belay.statistics.RatioProcess#updateClustered} with {@link dev.belay.statistics.Dispersion}.
 *   <li><b>mean.</b> {@link dev.belay.statistics.MeanProcess} with {@link dev.belay.statistics.Histogram}s, gate on
 *       {@link dev.belay.statistics.MantelHaenszel#ofMeans}, for people {@link dev.belay.statistics.MeanConfidenceSequence};
 *       {@link dev.belay.statistics.MomentsProcess} where only sums are known.
 *   <li><b>quantile.</b> {@link dev.belay.statistics.QuantileLimit}, frozen per stratum, turns histograms into counts for two
 *       {@link dev.belay.statistics.RatioProcess}es, and is the gate; for people {@link dev.belay.statistics.QuantileBand}.
 *   <li><b>counter.</b> {@link dev.belay.statistics.CounterLimit}: no process, no weight, no control.
 * </ul>
 *
 * <p>Weights are those of {@link dev.belay.statistics.MemberWeights}, shared among what has the same action for the same variant; a member
 * that takes another's place would pay by {@link dev.belay.statistics.MemberWeights#restarted}. Members of all kinds go into one
 * {@link dev.belay.statistics.Combination}; {@link dev.belay.statistics.DataQuality} finds doubts. Beside that, for reports and alerts
 * only: {@link dev.belay.statistics.ChangeDetector}, {@link dev.belay.statistics.Heterogeneity},
 * {@link dev.belay.statistics.FalseDiscoveries}.
 */
@NullMarked
package dev.belay.statistics;

import org.jspecify.annotations.NullMarked;
