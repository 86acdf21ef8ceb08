// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What an edit of a plan makes less careful. An edit that is more careful in everything is a tightening; whatever cannot be
 * compared counts as looser.
 */
final class Loosening {
    private final Plan before;
    private final Plan after;
    private final List<String> found = new ArrayList<>();

    private Loosening(Plan before, Plan after) {
        this.before = before;
        this.after = after;
    }

    /** Returns a sentence for each part that became looser; empty for a tightening. */
    static List<String> between(Plan before, Plan after) {
        Loosening loosening = new Loosening(before, after);
        loosening.look();
        return List.copyOf(loosening.found);
    }

    /** Returns a sentence for each approval that became weaker or is gone. */
    static List<String> ofApprovals(Plan before, Plan after) {
        List<String> weaker = new ArrayList<>();
        for (Stage old : before.stages()) {
            Stage now = after.stages().stream()
                    .filter(each -> each.name().equals(old.name()))
                    .findFirst()
                    .orElse(null);
            if (isWeaker(old.approval(), now == null ? null : now.approval())) {
                weaker.add("the approval before stage " + old.name());
            }
        }
        return weaker;
    }

    private void look() {
        differs("who is compared", before.control(), after.control());
        differs("the treatments", before.treatments(), after.treatments());
        before.guardrails().forEach(this::guardrail);
        stages();
        when(!before.only().equals(after.only()) && !before.only().isEmpty(), "the hours in which raises are allowed");
        when(!after.watchBy().containsAll(before.watchBy()), "the segments that are watched");
        when(
                before.sensitivity() == Sensitivity.BALANCED && after.sensitivity() != Sensitivity.BALANCED,
                "the sensitivity");
        when(after.alpha() < before.alpha(), "the evidence that a rollback takes");
        when(after.beta() > before.beta(), "the evidence that health takes");
        when(!after.tell().containsAll(before.tell()), "who is told");
        before.metrics()
                .forEach(metric -> when(
                        !Optional.of(metric).equals(after.metric(metric.name())),
                        "the definition of metric " + metric.name()));
    }

    private void guardrail(Guardrail old) {
        Optional<Guardrail> found = after.guardrails().stream()
                .filter(each -> each.name().equals(old.name()))
                .findFirst();
        boolean isLooser = found.map(now -> isLooser(old, now)).orElse(true);
        when(isLooser, "guardrail " + old.name());
    }

    private static boolean isLooser(Guardrail old, Guardrail now) {
        boolean isComparable = old.metric().equals(now.metric())
                && old.limit() == now.limit()
                && old.of() == now.of()
                && old.scope() == now.scope()
                && Objects.equals(old.within(), now.within());
        if (!isComparable || now.then().ordinal() > old.then().ordinal()) {
            return true;
        }
        return switch (old.limit()) {
            case FALLS, RISES, ABOVE -> now.threshold() > old.threshold();
            case BELOW -> now.threshold() < old.threshold();
        };
    }

    private void stages() {
        List<String> names = before.stages().stream().map(Stage::name).toList();
        if (!names.equals(after.stages().stream().map(Stage::name).toList())) {
            found.add("the stages");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            stage(before.stages().get(i), after.stages().get(i));
        }
    }

    private void stage(Stage old, Stage now) {
        String where = " of stage " + old.name();
        Double percent = old.to().percent();
        Double then = now.to().percent();
        boolean isSmaller = percent != null && then != null && then <= percent;
        when(!old.to().equals(now.to()) && !isSmaller, "the audience" + where);
        when(orZero(now.control()) < orZero(old.control()), "the share on control" + where);
        when(now.atLeast().compareTo(old.atLeast()) < 0, "the time" + where);
        when(orZero(now.minUsers()) < orZero(old.minUsers()), "the users" + where);
        when(care(now.advance()) < care(old.advance()), "what is needed to leave" + where);
        when(isWeaker(old.approval(), now.approval()), "the approval" + where);
    }

    private static boolean isWeaker(@Nullable Approval old, @Nullable Approval now) {
        if (old == null) {
            return false;
        }
        return now == null || now.count() < old.count() || !now.by().equals(old.by());
    }

    private static int care(AdvanceMode mode) {
        return switch (mode) {
            case NO_SIGN_OF_HARM -> 0;
            case PROVEN -> 1;
            case BY_HAND -> 2;
        };
    }

    private static double orZero(@Nullable Number number) {
        return number == null ? 0 : number.doubleValue();
    }

    private void differs(String what, Object old, Object now) {
        when(!old.equals(now), what);
    }

    private void when(boolean isLooser, String what) {
        if (isLooser) {
            found.add(what);
        }
    }
}
