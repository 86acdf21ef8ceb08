// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;

/** What the other verdicts of a rollout say beside the one that a message is about. */
final class Bystanders {
    private static final int MOST = 3;
    private static final Set<Reason> DOUBTS = Set.of(
            Reason.NO_DATA,
            Reason.STALE,
            Reason.WARNING,
            Reason.SAMPLE_RATIO_MISMATCH,
            Reason.METRIC_SILENT,
            Reason.CONTROL_FELL,
            Reason.CONTAMINATED,
            Reason.NOT_JOINED,
            Reason.ERROR);

    private final Surroundings surroundings;

    Bystanders(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Returns {@code Sentry +4 %, payments 3: no sign of harm}; empty when no other guardrail can say so. */
    String fine(Verdict about) {
        List<String> fine = surroundings.verdicts().stream()
                .filter(other -> isAbout(other, about) && other.segment() == null)
                .filter(other -> !other.guardrail().equals(about.guardrail()))
                .filter(Bystanders::isFine)
                .sorted(Comparator.comparing(Verdict::guardrail))
                .limit(MOST)
                .map(this::measured)
                .toList();
        return fine.isEmpty() ? "" : String.join(", ", fine) + ": no sign of harm";
    }

    /** Returns the segment with the largest harm to the same guardrail, when there are several; empty otherwise. */
    Optional<String> worst(Verdict about) {
        List<Verdict> segments = surroundings.verdicts().stream()
                .filter(other -> isAbout(other, about) && other.segment() != null)
                .filter(other -> other.guardrail().equals(about.guardrail()))
                .filter(other -> other.estimate().ratio() != null)
                .toList();
        Comparator<Verdict> byRatio = Comparator.comparingDouble(Bystanders::ratio);
        Comparator<Verdict> worstFirst = about.limit() == Guardrail.Limit.FALLS ? byRatio : byRatio.reversed();
        return segments.size() < 2
                ? Optional.empty()
                : segments.stream().min(worstFirst).map(worst -> worst.segment() + " " + Figures.change(ratio(worst)));
    }

    /** Returns the guardrails that are being judged and about which nothing is in doubt, but for these. */
    List<String> watched(List<String> except) {
        return surroundings.verdicts().stream()
                .filter(verdict -> verdict.segment() == null && !except.contains(verdict.guardrail()))
                .filter(Bystanders::isFine)
                .map(Verdict::guardrail)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns {@code Checkout conversion −31 % in country=UK} for each limit that was crossed. */
    List<String> crossed() {
        return surroundings.verdicts().stream()
                .filter(verdict -> verdict.decision() == Decision.BREACHED)
                .sorted(Comparator.comparing(Verdict::subject))
                .map(verdict -> measured(verdict) + (verdict.segment() == null ? "" : " in " + verdict.segment()))
                .distinct()
                .toList();
    }

    /** Returns {@code Checkout conversion −1 % (95 %: −9 … +8 %)} for each guardrail that compares. */
    String changes() {
        return surroundings.verdicts().stream()
                .filter(verdict ->
                        verdict.segment() == null && verdict.estimate().ratio() != null)
                .sorted(Comparator.comparing(Verdict::subject))
                .limit(MOST)
                .map(verdict -> surroundings.title(verdict.metric()) + " " + Figures.change(verdict.estimate()))
                .collect(Collectors.joining(", "));
    }

    private static boolean isAbout(Verdict other, Verdict about) {
        return other.epoch() == about.epoch() && other.variant().equals(about.variant());
    }

    private static boolean isFine(Verdict verdict) {
        boolean isJudged = verdict.decision() == Decision.HEALTHY || verdict.decision() == Decision.UNDECIDED;
        return isJudged && verdict.reasons().stream().noneMatch(DOUBTS::contains);
    }

    private static double ratio(Verdict verdict) {
        Double ratio = verdict.estimate().ratio();
        return ratio == null ? 1 : ratio;
    }

    private String measured(Verdict verdict) {
        String title = surroundings.title(verdict.metric());
        Double ratio = verdict.estimate().ratio();
        boolean isRelative = verdict.limit() == Guardrail.Limit.FALLS || verdict.limit() == Guardrail.Limit.RISES;
        if (isRelative) {
            return ratio == null ? title : title + " " + Figures.change(ratio);
        }
        return title + " " + Figures.count(verdict.treatment().events()) + "/"
                + Figures.count(Math.round(verdict.threshold()));
    }
}
