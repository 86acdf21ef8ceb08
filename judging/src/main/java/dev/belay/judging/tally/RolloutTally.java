// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.ComparedPlan.JudgedMetric;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.judge.Breach;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Shares;
import dev.belay.judging.judge.Standing;
import dev.belay.judging.judge.StratumId;
import org.jspecify.annotations.Nullable;

/**
 * One rollout: adds up its units, cuts them into blocks, has them judged and says the verdicts.
 *
 * <p>Without clock and I/O: times are handed in. Counts are a function of the deltas added, the evidence a function of the
 * blocks cut. Not thread-safe.
 */
public final class RolloutTally {
    private static final Duration STALE_AFTER = Duration.ofSeconds(60);
    private static final double STALE_GAPS = 10;
    private static final String BOTH_ARMS = "both-arms";
    /** What people should know of although harm is proven. */
    private static final Set<Reason> BESIDE_A_BREACH =
            EnumSet.of(Reason.SAMPLE_RATIO_MISMATCH, Reason.CONTAMINATED, Reason.CONTROL_FELL);

    private final CellBook book;
    private final ComparedPlan compared;
    private final Plan plan;
    private final Pace pace;
    private final RolloutJudge judge;
    private final Map<StratumId, Long> lastCut = new TreeMap<>();
    private final Map<String, Verdict> breaches = new TreeMap<>();
    private RolloutState rollout;
    private Layout layout;
    private Shares shares;
    private Pulse pulse;
    private long seq;
    private long lastDeltaMillis;

    /**
     * What must be stored besides the cells.
     *
     * @param seq number of the last block
     * @param judge state of the judge
     * @param pulse whether data flow
     * @param breaches verdicts that are latched, by guardrail and treatment
     * @param lastCut milliseconds of the last block per stratum, as {@code allocation|clause}
     */
    public record Head(
            long seq,
            RolloutJudge.State judge,
            Pulse pulse,
            Map<String, Verdict> breaches,
            Map<String, Long> lastCut) {}

    private RolloutTally(RolloutState rollout, ComparedPlan compared, CellBook book, Pace pace, RolloutJudge judge) {
        this.rollout = rollout;
        this.compared = compared;
        this.plan = compared.plan();
        this.book = book;
        this.pace = pace;
        this.judge = judge;
        this.layout = new Layout(rollout);
        this.shares = Shares.of(rollout);
        this.pulse = Pulse.start(Math.max(0, rollout.stage()));
        requireStage(rollout);
        judge.enter(rollout.stage());
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

    /** Returns the tally as it was stored; null when the rollout has no plan. */
    public static @Nullable RolloutTally restore(RolloutState rollout, CellBook book, Head head, Pace pace) {
        ComparedPlan compared = ComparedPlan.of(rollout);
        if (compared == null) {
            return null;
        }
        RolloutJudge judge = RolloutJudge.restore(compared.plan(), head.judge());
        RolloutTally tally = new RolloutTally(rollout, compared, book, pace, judge);
        tally.seq = head.seq();
        tally.pulse = head.pulse();
        tally.breaches.putAll(head.breaches());
        head.lastCut().forEach((key, at) -> tally.lastCut.put(stratum(key), at));
        return tally;
    }

    public Head head() {
        Map<String, Long> cuts = new TreeMap<>();
        lastCut.forEach((stratum, at) -> cuts.put(stratum.allocation() + "|" + stratum.clause(), at));
        return new Head(seq, judge.snapshot(), pulse, Map.copyOf(breaches), cuts);
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
        Set<StratumId> joined = new TreeSet<>();
        delta.cells().forEach((cell, counts) -> {
            StratumId stratum = StratumId.of(cell);
            lastCut.putIfAbsent(stratum, nowMillis);
            feel(cell, counts, appendedMillis);
            if (counts.exposed() > 0) {
                joined.add(stratum);
            }
        });
        return cutFull(joined, nowMillis);
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
        if (raised) {
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
        blocks.addAll(cutFull(book.strata(), nowMillis));
        return blocks;
    }

    /**
     * Ends blocks that are old enough.
     *
     * @param all whether to end every block with anything in it
     */
    public List<Block> onTime(long nowMillis, boolean all) {
        if (all) {
            return cutAll(nowMillis);
        }
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : book.strata()) {
            long since = lastCut.computeIfAbsent(stratum, any -> nowMillis);
            if (nowMillis - since >= pace.age().toMillis()) {
                blocks.addAll(cut(stratum, nowMillis));
            }
        }
        return blocks;
    }

    /** Returns whether harm was proven, now or earlier, for some treatment. */
    public boolean isBreached() {
        return !breaches.isEmpty();
    }

    /** Returns what was proven first. */
    public Optional<Verdict> firstBreach() {
        return breaches.values().stream().min(Comparator.comparing(Verdict::at));
    }

    /** Returns one verdict per treatment and guardrail. */
    public List<Verdict> verdicts(Instant now) {
        List<Verdict> all = new ArrayList<>();
        for (String variant : plan.treatments()) {
            for (Guardrail guardrail : plan.guardrails()) {
                Verdict latched = breaches.get(key(variant, guardrail.name()));
                all.add(latched != null ? latched : verdict(variant, guardrail, now));
            }
        }
        return all;
    }

    /** Returns the latest statistics per treatment and guardrail that is compared. */
    public List<Evidence> evidence(Instant now) {
        List<Evidence> all = new ArrayList<>();
        for (String variant : plan.treatments()) {
            for (Guardrail guardrail : judge.guardrails()) {
                all.add(evidence(variant, guardrail, now));
            }
        }
        return all;
    }

    private void feel(Cell cell, CellCounts counts, long atMillis) {
        boolean control = compared.isControl(cell.variant());
        long units = Math.max(0, counts.exposed());
        if (!layout.isCompared(StratumId.of(cell))) {
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

    private List<Block> cutFull(Collection<StratumId> strata, long nowMillis) {
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : strata) {
            long units = newUnits(stratum);
            if (units >= pace.least() && units >= pace.threshold(unitsSoFar())) {
                blocks.addAll(cut(stratum, nowMillis));
            }
        }
        return blocks;
    }

    private List<Block> cutWhereUnitsLeft(long nowMillis) {
        List<Block> blocks = new ArrayList<>();
        for (StratumId stratum : book.strata()) {
            boolean left = book.cells(stratum).keySet().stream()
                    .anyMatch(cell -> compared.isControl(cell.variant()) && cell.band() <= rollout.stage());
            if (left && layout.isCompared(stratum)) {
                blocks.addAll(cutAnyway(stratum, nowMillis));
            }
        }
        return blocks;
    }

    /** Ends the stratum's block, if there is anything to compare, or was: the last unit of an arm may have left it since. */
    private List<Block> cut(StratumId stratum, long nowMillis) {
        boolean isDue = layout.isCompared(stratum) && (judge.hasSeen(stratum) || hasBothArms(stratum));
        return isDue ? cutAnyway(stratum, nowMillis) : List.of();
    }

    private boolean hasBothArms(StratumId stratum) {
        return exposed(stratum, plan.control()) > 0
                && plan.treatments().stream().anyMatch(variant -> exposed(stratum, variant) > 0);
    }

    private List<Block> cutAnyway(StratumId stratum, long nowMillis) {
        List<Block> blocks = new ArrayList<>();
        for (String variant : plan.treatments()) {
            blocks.add(block(stratum, variant, seq + blocks.size() + 1, nowMillis));
        }
        lastCut.put(stratum, nowMillis);
        if (blocks.stream().noneMatch(judge::isNews)) {
            return List.of();
        }
        seq += blocks.size();
        settle(stratum);
        blocks.forEach(judge::apply);
        latch(nowMillis);
        return blocks;
    }

    private Block block(StratumId stratum, String variant, long number, long nowMillis) {
        List<MetricCounts> metrics = new ArrayList<>();
        for (JudgedMetric metric : compared.metrics()) {
            String name = metric.name();
            JoinCount joins = pulse.joins(metric.event());
            metrics.add(new MetricCounts(
                    name,
                    count(stratum, plan.control(), cell -> cell.cohort(name)),
                    count(stratum, variant, cell -> cell.cohort(name)),
                    count(stratum, plan.control(), cell -> cell.newEvents(name)),
                    count(stratum, variant, cell -> cell.newEvents(name)),
                    count(stratum, plan.control(), cell -> cell.events(name)),
                    count(stratum, variant, cell -> cell.events(name)),
                    joins.outcomes(),
                    Math.max(0, Math.min(joins.joined(), joins.outcomes()))));
        }
        return new Block(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                number,
                stratum.allocation(),
                stratum.clause(),
                layout.stage(stratum.allocation()),
                variant,
                null,
                exposed(stratum, plan.control()),
                exposed(stratum, variant),
                Math.max(0, newlyExposed(stratum, plan.control())),
                Math.max(0, newlyExposed(stratum, variant)),
                metrics,
                Instant.ofEpochMilli(nowMillis),
                Math.max(0, book.bothArms()));
    }

    /** What is in a block now is never in another; what was taken out again waits until as much has come. */
    private void settle(StratumId stratum) {
        List<String> variants = new ArrayList<>(plan.treatments());
        variants.add(plan.control());
        for (String variant : variants) {
            if (newlyExposed(stratum, variant) >= 0) {
                each(stratum, variant, CellState::putExposedInBlock);
            }
            for (JudgedMetric metric : compared.metrics()) {
                if (sum(stratum, variant, cell -> cell.newEvents(metric.name())) >= 0) {
                    each(stratum, variant, cell -> cell.putEventsInBlock(metric.name()));
                }
            }
        }
    }

    private void latch(long nowMillis) {
        for (String variant : plan.treatments()) {
            for (Breach breach : judge.breaches(variant)) {
                breaches.computeIfAbsent(key(variant, breach.guardrail()), any -> breached(variant, breach, nowMillis));
            }
        }
    }

    private Verdict breached(String variant, Breach breach, long nowMillis) {
        Guardrail guardrail = plan.guardrails().stream()
                .filter(each -> each.name().equals(breach.guardrail()))
                .findFirst()
                .orElseThrow();
        List<Reason> reasons = judge.doubts(variant, guardrail.name(), shares).stream()
                .filter(BESIDE_A_BREACH::contains)
                .toList();
        return verdict(
                variant,
                guardrail,
                Decision.BREACHED,
                reasons,
                breach.estimate(),
                breach.control(),
                breach.treatment(),
                breach.logEvidence(),
                judge.standing(variant, guardrail.name()).logHealthy(),
                Instant.ofEpochMilli(lastDeltaMillis == 0 ? nowMillis : lastDeltaMillis),
                Instant.ofEpochMilli(nowMillis));
    }

    private Verdict verdict(String variant, Guardrail guardrail, Instant now) {
        if (!judge.guardrails().contains(guardrail)) {
            return verdict(
                    variant,
                    guardrail,
                    Decision.UNDECIDED,
                    List.of(Reason.ERROR),
                    Estimate.UNKNOWN,
                    Counts.NONE,
                    Counts.NONE,
                    0,
                    0,
                    null,
                    now);
        }
        Standing standing = judge.standing(variant, guardrail.name());
        List<Reason> reasons = new ArrayList<>();
        Decision decision = Decision.NOT_APPLICABLE;
        if (hasComparison()) {
            reasons.addAll(doubts(variant, standing, now));
            boolean healthy = reasons.isEmpty() && standing.logHealthy() >= judge.logHealthyLimit();
            decision = healthy ? Decision.HEALTHY : Decision.UNDECIDED;
            if (!healthy && reasons.isEmpty()) {
                reasons.add(Reason.NOT_ENOUGH_EVIDENCE);
            }
        } else {
            reasons.add(Reason.NO_CONTROL);
        }
        return verdict(
                variant,
                guardrail,
                decision,
                reasons,
                standing.estimate(),
                standing.control(),
                standing.treatment(),
                standing.logOwn(),
                standing.logHealthy(),
                null,
                now);
    }

    private Verdict verdict(
            String variant,
            Guardrail guardrail,
            Decision decision,
            List<Reason> reasons,
            Estimate estimate,
            Counts control,
            Counts treatment,
            double logEvidence,
            double logHealthy,
            @Nullable Instant evidenceAt,
            Instant now) {
        long[] inStage = judge.exposedInStage(variant);
        return new Verdict(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                rollout.version(),
                Math.max(0, rollout.stage()),
                guardrail.name(),
                guardrail.metric(),
                variant,
                null,
                decision,
                reasons,
                guardrail.limit(),
                guardrail.threshold(),
                guardrail.then(),
                guardrail.scope(),
                estimate,
                control,
                treatment,
                inStage[0],
                inStage[1],
                book.treated(variant),
                excluded(),
                logEvidence,
                judge.logLimit(variant),
                logHealthy,
                judge.logHealthyLimit(),
                seq,
                lastExposureAt(),
                evidenceAt,
                now,
                notes(variant, guardrail, reasons));
    }

    private List<String> notes(String variant, Guardrail guardrail, List<Reason> reasons) {
        return new Notes(rollout, compared, pulse, judge.watch(variant, guardrail.metric()), guardrail, excluded())
                .of(reasons);
    }

    private Evidence evidence(String variant, Guardrail guardrail, Instant now) {
        Standing standing = judge.standing(variant, guardrail.name());
        return new Evidence(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                Math.max(0, rollout.stage()),
                guardrail.name(),
                guardrail.metric(),
                variant,
                null,
                standing.control(),
                standing.treatment(),
                standing.strata(),
                excluded(),
                standing.estimate(),
                standing.members(),
                isTotalShown(guardrail, standing) ? standing.logTotal() : null,
                judge.logLimit(variant),
                standing.logHealthy(),
                judge.logHealthyLimit(),
                seq,
                now);
    }

    private static boolean isTotalShown(Guardrail guardrail, Standing standing) {
        return guardrail.then() == Guardrail.Then.ROLLBACK && !Double.isInfinite(standing.logTotal());
    }

    private List<Reason> doubts(String variant, Standing standing, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        if (pulse.control().count() + pulse.treatment().count() == 0) {
            reasons.add(Reason.NO_DATA);
        } else if (isStale(pulse.control(), now) || isStale(pulse.treatment(), now)) {
            reasons.add(Reason.STALE);
        }
        reasons.addAll(judge.doubts(variant, standing.guardrail().name(), shares));
        return reasons;
    }

    private static boolean isStale(Pulse.Arm arm, Instant now) {
        Long last = arm.lastMillis();
        if (last == null) {
            return true;
        }
        double patience = Math.max(STALE_AFTER.toMillis(), STALE_GAPS * arm.meanGapMillis());
        return now.toEpochMilli() - last > patience;
    }

    private Map<String, Long> excluded() {
        return book.bothArms() > 0 ? Map.of(BOTH_ARMS, book.bothArms()) : Map.of();
    }

    private @Nullable Instant lastExposureAt() {
        Long control = pulse.control().lastMillis();
        Long treatment = pulse.treatment().lastMillis();
        if (control == null || treatment == null) {
            Long either = control == null ? treatment : control;
            return either == null ? null : Instant.ofEpochMilli(either);
        }
        return Instant.ofEpochMilli(Math.max(control, treatment));
    }

    /** Whether the present stage has a clause with both arms. */
    private boolean hasComparison() {
        return rollout.allocation().stream()
                .flatMap(allocation -> allocation.clauses().stream())
                .anyMatch(Clause::hasBothArms);
    }

    private long unitsSoFar() {
        long sum = 0;
        for (StratumId stratum : book.strata()) {
            if (layout.isCompared(stratum)) {
                for (CellState cell : book.cells(stratum).values()) {
                    sum += cell.exposed();
                }
            }
        }
        return sum;
    }

    private long newUnits(StratumId stratum) {
        long sum = 0;
        for (CellState cell : book.cells(stratum).values()) {
            sum += cell.newlyExposed();
        }
        return sum;
    }

    private long exposed(StratumId stratum, String variant) {
        return count(stratum, variant, CellState::exposed);
    }

    /** New events may be fewer than none, when some were taken out again. */
    private long count(StratumId stratum, String variant, ToLongFunction<CellState> count) {
        return Math.max(0, sum(stratum, variant, count));
    }

    /** Of all units ever exposed, also those that left since: the split is judged by them. */
    private long newlyExposed(StratumId stratum, String variant) {
        long sum = 0;
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (each.getKey().variant().equals(variant)) {
                sum += each.getValue().newlyExposed();
            }
        }
        return sum;
    }

    private long sum(StratumId stratum, String variant, ToLongFunction<CellState> count) {
        long sum = 0;
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (isIn(each.getKey(), variant)) {
                sum += count.applyAsLong(each.getValue());
            }
        }
        return sum;
    }

    private void each(StratumId stratum, String variant, Consumer<CellState> change) {
        for (Map.Entry<Cell, CellState> each : book.cells(stratum).entrySet()) {
            if (each.getKey().variant().equals(variant)) {
                change.accept(each.getValue());
                book.markChanged(each.getKey());
            }
        }
    }

    /** Control units whose bucket is treated now have left; treated ones stay. */
    private boolean isIn(Cell cell, String variant) {
        return cell.variant().equals(variant) && (!compared.isControl(variant) || cell.band() > rollout.stage());
    }

    private static void requireStage(RolloutState rollout) {
        Plan its = rollout.plan();
        Require.that(
                its == null || rollout.stage() < its.stages().size(),
                "stage",
                "must be one of the plan's",
                rollout.stage());
    }

    private static String key(String variant, String guardrail) {
        return variant + "/" + guardrail;
    }

    private static StratumId stratum(String key) {
        int bar = key.indexOf('|');
        return new StratumId(Integer.parseInt(key.substring(0, bar)), key.substring(bar + 1));
    }
}
