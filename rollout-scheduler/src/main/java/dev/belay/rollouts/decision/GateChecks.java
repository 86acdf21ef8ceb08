// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;

/** Reads every condition of a {@link Gate} off a situation. */
record GateChecks(Situation situation, RolloutState rollout, Plan plan, Stage stage, Instant now) {
    /** Reasons that hold a stage whatever the decision: something may be wrong, or nobody can say. */
    private static final Set<Reason> ALARMS = EnumSet.of(
            Reason.NO_DATA,
            Reason.STALE,
            Reason.SAMPLE_RATIO_MISMATCH,
            Reason.WARNING,
            Reason.METRIC_SILENT,
            Reason.CONTROL_FELL,
            Reason.CONTAMINATED,
            Reason.LATENESS,
            Reason.NOT_JOINED,
            Reason.ERROR);

    GateChecks(Situation situation, RolloutState rollout, Instant now) {
        this(situation, rollout, Require.nonNull(rollout.plan(), "plan"), stageOf(rollout), now);
    }

    static Stage stageOf(RolloutState rollout) {
        return Require.nonNull(rollout.plan(), "plan").stages().get(rollout.stage());
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>(List.of(breach()));
        judged().ifPresent(checks::add);
        checks.add(time());
        Optional.ofNullable(stage.minUsers()).map(this::users).ifPresent(checks::add);
        guardrails().ifPresent(checks::add);
        if (!plan.only().isEmpty()) {
            checks.add(window());
        }
        frozen().ifPresent(checks::add);
        pin().ifPresent(checks::add);
        approval().ifPresent(checks::add);
        person().ifPresent(checks::add);
        return checks;
    }

    private Check breach() {
        List<String> breached = situation.verdicts().values().stream()
                .map(Heard::verdict)
                .filter(verdict -> verdict.epoch() == rollout.epoch() && verdict.decision() == Decision.BREACHED)
                .filter(verdict -> verdict.then() == Guardrail.Then.ROLLBACK && !isOut(verdict))
                .map(Verdict::guardrail)
                .sorted()
                .distinct()
                .toList();
        return breached.isEmpty()
                ? new Check(Check.Name.BREACH, true, "no guardrail is breached")
                : new Check(Check.Name.BREACH, false, "breached: " + String.join(", ", breached));
    }

    /** What a variant or segment did that is out since holds nobody else. */
    private boolean isOut(Verdict verdict) {
        Set<String> out = Set.copyOf(situation.basis().out());
        return out.contains("variant:" + verdict.variant())
                || (verdict.segment() != null && out.contains("segment:" + verdict.segment()));
    }

    /** Whatever the stage's mode: while nobody judges the guardrails, nothing is raised unless a person passes over it. */
    private Optional<Check> judged() {
        if (plan.guardrails().isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> last = situation.verdicts().values().stream()
                .filter(heard -> heard.verdict().epoch() == rollout.epoch())
                .map(Heard::arrivedAt)
                .max(Instant::compareTo);
        boolean isJudged = last.filter(at -> !at.isBefore(now.minus(situation.verdictAge())))
                .isPresent();
        String age = last.map(at -> Spoken.duration(Duration.between(at, now))).orElse("");
        String sentence = last.isEmpty()
                ? "not judged yet: no verdict has come, all raises hold"
                : "not judged for " + age + ": no verdict has come since, all raises hold";
        return Optional.of(
                isJudged
                        ? new Check(Check.Name.JUDGED, true, "judged " + age + " ago")
                        : new Check(Check.Name.JUDGED, false, sentence));
    }

    private Check time() {
        Instant since = Require.nonNull(rollout.stageSince(), "stageSince");
        Duration spent = Duration.between(since, now);
        String sentence = Spoken.duration(spent) + " of at least " + Spoken.duration(stage.atLeast());
        return new Check(Check.Name.TIME, spent.compareTo(stage.atLeast()) >= 0, sentence + " in the stage");
    }

    private Check users(long least) {
        List<Verdict> known = current().toList();
        if (!isCompared()) {
            long treated = known.stream().mapToLong(Verdict::treatedUnits).min().orElse(0);
            String words = Spoken.count(treated) + " treated users of at least " + Spoken.count(least)
                    + ", without a control group";
            return new Check(Check.Name.USERS, treated >= least, words);
        }
        long control = known.stream().mapToLong(Verdict::stageControl).min().orElse(0);
        long treatment = known.stream().mapToLong(Verdict::stageTreatment).min().orElse(0);
        String sentence = Spoken.count(control) + " users in control and " + Spoken.count(treatment)
                + " in treatment of at least " + Spoken.count(least) + " each";
        return new Check(Check.Name.USERS, Math.min(control, treatment) >= least, sentence);
    }

    private Optional<Check> guardrails() {
        if (plan.guardrails().isEmpty() || needsPerson()) {
            return Optional.empty();
        }
        return switch (stage.advance()) {
            case PROVEN -> Optional.of(proven());
            case NO_SIGN_OF_HARM -> Optional.of(noSignOfHarm());
            case BY_HAND -> Optional.empty();
        };
    }

    private Check proven() {
        List<String> open = missing(GateChecks::isProven);
        boolean anyHealthy = current().anyMatch(verdict -> verdict.decision() == Decision.HEALTHY);
        if (open.isEmpty() && anyHealthy) {
            return new Check(Check.Name.GUARDRAILS, true, "every guardrail is proven healthy");
        }
        String sentence = open.isEmpty() ? "no guardrail is proven healthy" : "not proven: " + String.join(", ", open);
        return new Check(Check.Name.GUARDRAILS, false, sentence + cost());
    }

    private Check noSignOfHarm() {
        List<String> open = missing(GateChecks::isHarmless);
        boolean isFlowing = current().allMatch(verdict -> verdict.treatedUnits() > 0);
        if (open.isEmpty() && isFlowing) {
            return new Check(Check.Name.GUARDRAILS, true, "data flows and nothing looks like harm");
        }
        String sentence = open.isEmpty() ? "nobody was treated yet" : "not clear: " + String.join(", ", open);
        return new Check(Check.Name.GUARDRAILS, false, sentence);
    }

    private Check window() {
        OpenHours hours = new OpenHours(plan.only());
        String opening = hours.nextOpening(now).map(at -> ", next at " + at).orElse("");
        return hours.include(now)
                ? new Check(Check.Name.WINDOW, true, "raises are allowed now")
                : new Check(Check.Name.WINDOW, false, "raises are not allowed at this hour" + opening);
    }

    private Optional<Check> frozen() {
        return Freeze.inForce(situation.freezes(), situation.ref(), now)
                .map(freeze -> new Check(Check.Name.FREEZE, false, freeze.sentence()));
    }

    private Optional<Check> pin() {
        String pinned = situation.terms().pinned();
        if (pinned == null) {
            return Optional.empty();
        }
        boolean isBefore = plan.stages().subList(0, rollout.stage() + 1).stream()
                .noneMatch(each -> each.name().equals(pinned));
        return Optional.of(new Check(Check.Name.PIN, isBefore, "pinned to stage " + pinned));
    }

    private Optional<Check> approval() {
        int next = rollout.stage() + 1;
        if (next >= plan.stages().size() || plan.stages().get(next).approval() == null) {
            return Optional.empty();
        }
        List<Needed> missing = Needed.missing(rollout, situation.terms(), next);
        String sentence = missing.stream().map(Needed::sentence).collect(Collectors.joining(", "));
        return Optional.of(
                missing.isEmpty()
                        ? new Check(
                                Check.Name.APPROVAL,
                                true,
                                "stage " + plan.stages().get(next).name() + " is approved")
                        : new Check(Check.Name.APPROVAL, false, sentence));
    }

    private Optional<Check> person() {
        if (stage.advance() == AdvanceMode.BY_HAND) {
            return Optional.of(new Check(Check.Name.PERSON, false, "a person decides in this stage"));
        }
        return needsPerson() ? Optional.of(unprovable()) : Optional.empty();
    }

    private Check unprovable() {
        String why = plan.guardrails().isEmpty() ? "the plan has no guardrail" : "this stage has no control group";
        return new Check(Check.Name.PERSON, false, why + ", so nothing can be proven: a person decides");
    }

    /** Proof can never come: waiting for it would be waiting for ever. */
    private boolean needsPerson() {
        return stage.advance() == AdvanceMode.PROVEN && (plan.guardrails().isEmpty() || !isCompared());
    }

    private boolean isCompared() {
        return rollout.allocation().orElseThrow().clauses().stream().anyMatch(Clause::hasBothArms);
    }

    /** Returns for each guardrail that does not satisfy {@code rule} its name and what is known. */
    private List<String> missing(Predicate<Verdict> rule) {
        Map<String, List<Verdict>> known = current().collect(Collectors.groupingBy(Verdict::guardrail));
        return plan.guardrails().stream()
                .filter(GateChecks::mayHold)
                .map(Guardrail::name)
                .filter(name -> !satisfies(known.getOrDefault(name, List.of()), rule))
                .map(name -> name + " (" + inWords(known.getOrDefault(name, List.of())) + ")")
                .toList();
    }

    private boolean satisfies(List<Verdict> verdicts, Predicate<Verdict> rule) {
        Set<String> variants = verdicts.stream().map(Verdict::variant).collect(Collectors.toSet());
        return variants.containsAll(treatmentsLeft()) && verdicts.stream().allMatch(rule);
    }

    /** Guardrails that notify or observe hold nothing. */
    private static boolean mayHold(Guardrail guardrail) {
        return guardrail.then() == Guardrail.Then.ROLLBACK || guardrail.then() == Guardrail.Then.HOLD;
    }

    /** Variants that are out are served to nobody, so nobody judges them any longer. */
    private List<String> treatmentsLeft() {
        return plan.treatments().stream()
                .filter(name -> !situation.basis().out().contains("variant:" + name))
                .toList();
    }

    private static boolean isProven(Verdict verdict) {
        boolean decided = verdict.decision() == Decision.HEALTHY || verdict.decision() == Decision.NOT_APPLICABLE;
        return decided && verdict.reasons().stream().noneMatch(ALARMS::contains);
    }

    private static boolean isHarmless(Verdict verdict) {
        return verdict.decision() != Decision.BREACHED
                && verdict.reasons().stream().noneMatch(ALARMS::contains);
    }

    private static String inWords(List<Verdict> verdicts) {
        return verdicts.isEmpty()
                ? "no fresh verdict"
                : verdicts.stream().map(Spoken::verdict).distinct().collect(Collectors.joining(", "));
    }

    /** What proof would still cost each guardrail that lacks it, if nothing has changed; the dearest first. */
    private String cost() {
        List<String> costs = current()
                .filter(verdict -> verdict.decision() != Decision.HEALTHY)
                .flatMap(verdict -> CostOfProof.of(verdict, rollout, now).stream()
                        .map(cost -> Map.entry(cost.treatedUsers(), verdict.guardrail() + " needs " + cost.sentence())))
                .sorted(Map.Entry.<Long, String>comparingByKey().reversed())
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
        return costs.isEmpty() ? "" : "; if nothing has changed " + String.join(", ", costs);
    }

    /** Verdicts that count: about this rollout and stage, about everyone, fresh, and of a variant that is served. */
    private Stream<Verdict> current() {
        return situation.verdicts().values().stream()
                .filter(heard -> heard.isFresh(now, situation.verdictAge()))
                .map(Heard::verdict)
                .filter(verdict -> verdict.epoch() == rollout.epoch()
                        && verdict.stage() == rollout.stage()
                        && verdict.segment() == null
                        && !isOut(verdict));
    }
}
