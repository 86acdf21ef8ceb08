// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.rollbacks.Chain;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/** Times the steps of a rollback, from the arrival of the completing record or from a person's decision. */
final class Steps {
    private Steps() {}

    static Chain begin(Rollback rollback, @Nullable Instant writtenAt) {
        Verdict verdict = rollback.verdict();
        Instant begun = begun(rollback);
        return new Chain(
                verdict == null ? null : millis(begun, verdict.at()),
                writtenAt == null ? null : millis(begun, writtenAt),
                null,
                null,
                null);
    }

    /** @param allOff when the last edge confirmed; null before */
    static Chain confirmed(
            @Nullable Chain before, Rollback rollback, Served served, @Nullable Instant allOff, Instant now) {
        Chain known = before == null ? begin(rollback, null) : before;
        Instant begun = begun(rollback);
        Instant offAt = served.at().isBefore(now) ? served.at() : now;
        long off = millis(begun, offAt);
        Long firstOff = known.firstOff();
        return new Chain(
                known.verdict(),
                known.rollback(),
                firstOff == null ? off : Math.min(firstOff, off),
                allOff == null ? null : (Long) millis(begun, allOff),
                lastTreatment(known.lastTreatment(), served.lastTreatmentAt(), begun));
    }

    private static @Nullable Long lastTreatment(@Nullable Long known, @Nullable Instant at, Instant begun) {
        if (at == null) {
            return known;
        }
        long millis = millis(begun, at);
        return known == null ? millis : Math.max(known, millis);
    }

    private static Instant begun(Rollback rollback) {
        Verdict verdict = rollback.verdict();
        Instant evidenceAt = verdict == null ? null : verdict.evidenceAt();
        return evidenceAt == null ? rollback.at() : evidenceAt;
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
