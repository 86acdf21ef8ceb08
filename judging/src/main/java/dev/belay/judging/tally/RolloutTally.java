// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.judge.Breach;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Shares;
import dev.belay.judging.judge.StratumId;
import org.jspecify.annotations.Nullable;

/**
 * One rollout: adds up its units, cuts them into blocks, has them judged and says the verdicts.
 *
 * <p>Without clock and I/O: times are handed in. Counts are a function of the deltas added, the evidence a function of the
 * blocks cut. Not thread-safe.
 */
public final class RolloutTally {
    private final CellBook book;
    private final ComparedPlan compared;
    private final Plan plan;
    private final Cutter cutter;
    private final CounterBook counters;
    private final RolloutJudge judge;
    private final Map<String, Verdict> breaches = new TreeMap<>();
    private RolloutState rollout;
    private Layout layout;
    private Shares shares;
    private Pulse pulse;
    private long seq;
    private long lastDeltaMillis;
    private final List<Verdict> newBreaches = new ArrayList<>();
    private final List<Verdict> newChanges = new ArrayList<>();

    /**
     * What must be stored besides the cells and the segments.
     *
     * @param seq number of the last block
     * @param judge state of the judge
     * @param pulse whether data flow
     * @param breaches verdicts that are latched, by guardrail, treatment and segment
     * @param lastCut milliseconds of the last block per stratum, as {@code allocation|clause}
     */
    public record Head(
            long seq,
            RolloutJudge.State judge,
            Pulse pulse,
            Map<String, Verdict> breaches,
            Map<String, Long> lastCut) {}

    /**
     * What must be stored of a segment.
     *
     * @param segment {@code dimension=value}
     * @param rank how many segments had been judged with it, from 1
     * @param judge state of the judge
     * @param lastCut milliseconds of the last block per stratum
     */
    public record SegmentHead(String segment, int rank, RolloutJudge.SegmentState judge, Map<String, Long> lastCut) {}

    private RolloutTally(RolloutState rollout, ComparedPlan compared, CellBook book, Pace pace, RolloutJudge judge) {
        this.rollout = rollout;
        this.compared = compared;
        this.plan = compared.plan();
        this.book = book;
        this.cutter = new Cutter(pace);
        this.counters = new CounterBook(rollout, compared);
        this.judge = judge;
        this.layout = new Layout(rollout);
        this.shares = Shares.of(rollout);
        this.pulse = Pulse.start(Math.max(0, rollout.stage()));
        requireStage(rollout);
        judge.enter(rollout.stage());
        if (isFinished()) {
            judge.finish();
        }
    }

    private boolean isFinished() {
        return rollout.status() == RolloutStatus.COMPLETED;
    }

    /**
     * Returns the tally of a rollout; null when it has no plan.
     *
     * @param book units counted before the rollout was known
     * @throws IllegalArgumentException if the rollout is in a stage its plan does not have
     */
    public static @Nullable RolloutTally start(RolloutState rollout, CellBook book, Pace pace) {
        ComparedPlan compared = ComparedPlan.of(rollout);
        if (compared == null) {
            return null;
        }
        return new RolloutTally(rollout, compared, book, pace, RolloutJudge.start(compared.plan()));
    }

    /** Returns the tally as it was stored, without segments; null when the rollout has no plan. */
    public static @Nullable RolloutTally restore(RolloutState rollout, CellBook book, Head head, Pace pace) {
        return restore(rollout, book, head, List.of(), pace);
    }

    /** Returns the tally as it was stored; null when the rollout has no plan. */
    public static @Nullable RolloutTally restore(
            RolloutState rollout, CellBook book, Head head, Collection<SegmentHead> segments, Pace pace) {
        ComparedPlan compared = ComparedPlan.of(rollout);
        if (compared == null) {
            return null;
        }
        RolloutJudge judge = RolloutJudge.restore(compared.plan(), head.judge());
        segments.stream()
                .sorted(Comparator.comparingInt(SegmentHead::rank))
                .forEach(each -> judge.restore(each.segment(), each.judge()));
        RolloutTally tally = new RolloutTally(rollout, compared, book, pace, judge);
        tally.seq = head.seq();
        tally.pulse = head.pulse();
        tally.breaches.putAll(head.breaches());
        tally.cutter.restore(head.lastCut());
        segments.forEach(each -> tally.cutter.restore(each.lastCut()));
        return tally;
    }

    public Head head() {
        return new Head(seq, judge.snapshot(), pulse, Map.copyOf(breaches), cutter.stored(null));
    }

    /** Returns the segments that changed since the last call: what must be stored besides the head. */
    public List<SegmentHead> takeChangedSegments() {
        Set<String> changed = judge.takeChangedSegments();
        List<SegmentHead> all = new ArrayList<>();
        if (!changed.isEmpty()) {
            List<String> ranked = segments();
            changed.forEach(segment -> all.add(new SegmentHead(
                    segment, ranked.indexOf(segment) + 1, judge.snapshot(segment), cutter.stored(segment))));
        }
        return all;
    }

    public CellBook book() {
        return book;
    }

    public RolloutState rollout() {
        return rollout;
    }

    /**
     * Takes in a change of the units.
     *
     * @param appendedMillis when the record that caused it arrived
     * @return the blocks that ended
     */
    public List<Block> onDelta(Delta delta, long appendedMillis, long nowMillis) {
        book.add(delta);
        lastDeltaMillis = Math.max(lastDeltaMillis, appendedMillis);
        if (counters.add(delta.counted())) {
            latchCounters(nowMillis);
        }
        Set<StratumId> joined = new TreeSet<>();
        delta.cells().forEach((stated, counts) -> {
            Cell cell = book.counted(stated);
            StratumId stratum = StratumId.of(cell);
            cutter.see(stratum, nowMillis);
            feel(cell, counts, appendedMillis);
            counters.expose(cell, counts, appendedMillis);
            if (counts.exposed() > 0) {
                joined.add(stratum);
            }
        });
        return cutFull(joined, nowMillis);
    }

    /** Returns what was found since the last call to have changed in a finished rollout: it is to be said, and proves nothing. */
    public List<Verdict> takeNewChanges() {
        List<Verdict> all = List.copyOf(newChanges);
        newChanges.clear();
        return all;
    }

    /** Takes in how outcomes joined. That is about the data: it ends no block, and it proves nothing. */
    public void onJoins(Map<String, JoinCount> joins) {
        pulse = pulse.joining(joins);
    }

    /** Returns how outcomes joined so far, by name of their event. */
    public Map<String, JoinCount> joins() {
        return pulse.joins();
    }

    /** Puts back what {@link #joins} returned. */
    public void restoreJoins(Map<String, JoinCount> joins) {
        pulse = new Pulse(pulse.stage(), pulse.control(), pulse.treatment(), joins);
    }

    /**
     * Takes in a newer version of the rollout; units whose bucket is treated from now on leave control's cohorts.
     *
     * @throws IllegalArgumentException if it is of another epoch, or in a stage its plan does not have; nothing has changed
     */
    public List<Block> onRollout(RolloutState next, long nowMillis) {
        Require.that(next.epoch() == rollout.epoch(), "epoch", "must be " + rollout.epoch(), next.epoch());
        requireStage(next);
        if (next.version() <= rollout.version()) {
            return List.of();
        }
        boolean raised = next.stage() > rollout.stage();
        List<Block> blocks = new ArrayList<>();
        if (raised || (next.status() == RolloutStatus.COMPLETED && !isFinished())) {
            blocks.addAll(cutAll(nowMillis));
        }
        rollout = next;
        layout = new Layout(next);
        shares = Shares.of(next);
        if (raised) {
            judge.enter(next.stage());
            pulse = pulse.inStage(next.stage());
            blocks.addAll(cutWhereUnitsLeft(nowMillis));
        }
        if (isFinished()) {
            judge.finish();
        }
        blocks.addAll(cutFull(book.strata(), nowMillis));
        return blocks;
    }

    /**
     * Ends blocks that are old enough.
     *
     * @param all whether to end every block with anything in it
     */
    public List<Block> onTime(long nowMillis, boolean all) {
        latchCounters(nowMillis);
        if (all) {
            return cutAll(nowMillis);
        }
        List<Block> blocks = new ArrayList<>();
        cutter.old(book.strata(), nowMillis).forEach(stratum -> blocks.addAll(cut(stratum, nowMillis)));
        return blocks;
    }

    /** Returns whether harm was proven, now or earlier, for some treatment. */
    public boolean isBreached() {
        return !breaches.isEmpty();
    }

    /** Returns what was proven since the last call: it is to be said at once, and to be stored. */
    public List<Verdict> takeNewBreaches() {
        List<Verdict> all = List.copyOf(newBreaches);
        newBreaches.clear();
        return all;
    }

    /** Returns what of the counters must be stored, if it changed since the last call; null otherwise. */
    public CounterBook.@Nullable State takeChangedCounters() {
        return counters.takeChanges();
    }

    /** Puts back what {@link #takeChangedCounters} returned. */
    public void restoreCounters(CounterBook.State state) {
        counters.restore(state);
    }

    /** Returns the breaches there are, in the order they were proven. */
    public List<Verdict> breaches() {
        return breaches.values().stream()
                .sorted(Comparator.comparing(Verdict::at))
                .toList();
    }

    /** Returns what was proven first. */
    public Optional<Verdict> firstBreach() {
        return breaches().stream().findFirst();
    }

    /** Returns one verdict per treatment and guardrail, and one more for each segment that was seen. */
    public List<Verdict> verdicts(Instant now) {
        return verdicts(now, true);
    }

    /**
     * Returns the verdicts.
     *
     * @param withSegments whether of all segments; else only of those where harm is proven
     */
    public List<Verdict> verdicts(Instant now, boolean withSegments) {
        Sayings sayings = sayings();
        List<Verdict> all = new ArrayList<>();
        for (String variant : plan.treatments()) {
            for (Guardrail guardrail : plan.guardrails()) {
                all.add(verdict(sayings, variant, guardrail, null, now));
            }
            for (Guardrail guardrail : judge.guardrails()) {
                for (String segment : judge.segments(variant)) {
                    if (withSegments || breaches.containsKey(key(variant, guardrail.name(), segment))) {
                        all.add(verdict(sayings, variant, guardrail, segment, now));
                    }
                }
            }
        }
        return all;
    }

    private Verdict verdict(
            Sayings sayings, String variant, Guardrail guardrail, @Nullable String segment, Instant now) {
        Verdict latched = breaches.get(key(variant, guardrail.name(), segment));
        if (latched != null) {
            return latched;
        }
        return compared.counter(guardrail)
                .map(counter -> counted(sayings, variant, counter, now))
                .orElseGet(() -> sayings.verdict(variant, guardrail, segment, now));
    }

    /** Returns the latest statistics per treatment and guardrail that is compared, and for each segment. */
    public List<Evidence> evidence(Instant now) {
        return evidence(now, true);
    }

    /** Returns the statistics; of segments, if they are asked for. */
    public List<Evidence> evidence(Instant now, boolean withSegments) {
        Sayings sayings = sayings();
        List<Evidence> all = new ArrayList<>();
        for (String variant : plan.treatments()) {
            for (Guardrail guardrail : judge.guardrails()) {
                all.add(sayings.evidence(variant, guardrail, null, now));
                if (withSegments) {
                    judge.segments(variant)
                            .forEach(segment -> all.add(sayings.evidence(variant, guardrail, segment, now)));
                }
            }
        }
        return all;
    }

    private List<String> segments() {
        return plan.treatments().stream()
                .flatMap(variant -> judge.segments(variant).stream())
                .distinct()
                .toList();
    }

    private void feel(Cell cell, CellCounts counts, long atMillis) {
        boolean control = compared.isControl(cell.variant());
        long units = Math.max(0, counts.exposed());
        if (cell.segment() != null || !layout.isCompared(StratumId.of(cell))) {
            return;
        }
        if (layout.stage(cell.allocation()) == pulse.stage()) {
            pulse = pulse.plus(control ? units : 0, control ? 0 : units, atMillis);
        }
    }

    private List<Block> cutAll(long nowMillis) {
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : book.strata()) {
            blocks.addAll(cut(stratum, nowMillis));
        }
        return blocks;
    }

    /** Of a finished rollout nobody is in a hurry: there, blocks end by their age, and take equally long. */
    private List<Block> cutFull(Collection<StratumId> strata, long nowMillis) {
        if (isFinished()) {
            return List.of();
        }
        Census census = census();
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : strata) {
            if (cutter.isFull(stratum, census)) {
                blocks.addAll(cut(stratum, nowMillis));
            }
        }
        return blocks;
    }

    private List<Block> cutWhereUnitsLeft(long nowMillis) {
        Census census = census();
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : book.strata()) {
            if (census.hasLeavers(stratum) && layout.isCompared(stratum)) {
                blocks.addAll(cutAnyway(stratum, nowMillis));
            }
        }
        return blocks;
    }

    /** Ends the stratum's block, if there is anything to compare, or was: the last unit of an arm may have left it since. */
    private List<Block> cut(StratumId stratum, long nowMillis) {
        boolean isDue = layout.isCompared(stratum) && (judge.hasSeen(stratum) || census().hasBothArms(stratum));
        return isDue ? cutAnyway(stratum, nowMillis) : List.of();
    }

    private List<Block> cutAnyway(StratumId stratum, long nowMillis) {
        Census census = census();
        List<Block> blocks = new BlockWriter(rollout, census, pulse).blocks(stratum, seq, nowMillis);
        cutter.cut(stratum, nowMillis);
        if (blocks.stream().noneMatch(judge::isNews)) {
            return List.of();
        }
        seq += blocks.size();
        census.settle(stratum, nowMillis);
        blocks.forEach(judge::apply);
        latch(nowMillis);
        judge.takeChanges()
                .forEach(change -> newChanges.add(sayings().changed(change, Instant.ofEpochMilli(nowMillis))));
        return blocks;
    }

    private void latch(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        Instant evidenceAt = lastDeltaMillis == 0 ? now : Instant.ofEpochMilli(lastDeltaMillis);
        for (String variant : plan.treatments()) {
            for (Breach breach : judge.breaches(variant)) {
                String key = key(variant, breach.guardrail(), breach.segment());
                if (!breaches.containsKey(key)) {
                    Verdict verdict = sayings().breached(variant, breach, evidenceAt, now);
                    breaches.put(key, verdict);
                    newBreaches.add(verdict);
                }
            }
        }
    }

    private void latchCounters(long nowMillis) {
        for (ComparedPlan.Counter counter : compared.counters()) {
            for (String variant : plan.treatments()) {
                String key = key(variant, counter.guardrail().name(), null);
                if (!breaches.containsKey(key)) {
                    Verdict verdict = counted(sayings(), variant, counter, Instant.ofEpochMilli(nowMillis));
                    if (verdict.decision() == Decision.BREACHED) {
                        breaches.put(key, verdict);
                        newBreaches.add(verdict);
                    }
                }
            }
        }
    }

    private Verdict counted(Sayings sayings, String variant, ComparedPlan.Counter counter, Instant now) {
        Instant evidenceAt = lastDeltaMillis == 0 ? now : Instant.ofEpochMilli(lastDeltaMillis);
        return sayings.counted(
                variant,
                counter,
                counters.read(counter, variant, now.toEpochMilli()),
                counters.lastExposed(counter, variant),
                evidenceAt,
                now);
    }

    private Census census() {
        return new Census(book, compared, layout, rollout.stage());
    }

    private Sayings sayings() {
        return new Sayings(rollout, compared, book, judge, shares, pulse, seq);
    }

    private static void requireStage(RolloutState rollout) {
        Plan its = rollout.plan();
        Require.that(
                its == null || rollout.stage() < its.stages().size(),
                "stage",
                "must be one of the plan's",
                rollout.stage());
    }

    private static String key(String variant, String guardrail, @Nullable String segment) {
        return variant + "/" + guardrail + (segment == null ? "" : "/" + segment);
    }
}
