// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.ForcedVariant;

/** Finds flags that nobody needs any more: code that asks them gets the same answer for everyone. Pure. */
public final class StaleFlags {
    private StaleFlags() {}

    /**
     * A reason to take a flag out of the code, or to tidy it.
     *
     * @param code stable name: {@code rolled-out}, {@code one-answer}, {@code disabled}, {@code forced-over}
     * @param words for people
     */
    public record Reason(String code, String words) {}

    /**
     * Returns why a flag is stale; empty when it is not.
     *
     * @param isRaised whether a rollout of it has not ended
     * @param idle how long nothing may have changed before it counts
     */
    public static List<Reason> of(FlagDefinition flag, boolean isRaised, Duration idle, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        boolean isIdle = !now.isBefore(flag.updatedAt().plus(idle));
        if (isIdle && !flag.archived() && !isRaised) {
            answer(flag, reasons);
        }
        flag.forced().stream()
                .filter(each -> !each.holds(now.minus(idle)))
                .map(StaleFlags::over)
                .forEach(reasons::add);
        return reasons;
    }

    private static void answer(FlagDefinition flag, List<Reason> reasons) {
        String since = ", unchanged since " + flag.updatedAt();
        String one = flag.defaultRule().variant();
        if (!flag.enabled()) {
            reasons.add(new Reason("disabled", "is disabled: everyone gets " + flag.offVariant() + since));
        } else if (one != null && decidesForNobody(flag)) {
            boolean isFolded = flag.fold() != null && !flag.fold().before().equals(flag.defaultRule());
            String words = isFolded
                    ? "rollout " + flag.foldedEpoch() + " is complete: everyone gets " + one
                    : "everyone gets " + one;
            reasons.add(new Reason(isFolded ? "rolled-out" : "one-answer", words + since));
        }
    }

    private static boolean decidesForNobody(FlagDefinition flag) {
        return flag.rules().isEmpty()
                && flag.prerequisites().isEmpty()
                && flag.optIn() == null
                && flag.holdout() == null;
    }

    private static Reason over(ForcedVariant forced) {
        return new Reason(
                "forced-over", forced.variant() + " was forced on " + forced.unit() + " until " + forced.until());
    }
}
