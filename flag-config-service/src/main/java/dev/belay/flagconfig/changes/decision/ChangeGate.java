// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.Actor;

/**
 * Decides whether a change of a flag may be made: the one gate that every write passes. Pure. An approval counts for the hash
 * it was given to and for no other, so an edit voids it; it ends; and nobody approves what they wrote themselves, not even a
 * part of it.
 */
public final class ChangeGate {
    private ChangeGate() {}

    /** What an approval is worth. */
    public enum Standing {
        COUNTS("counts"),
        OTHER_CHANGE("was given to another form of the change"),
        OWN("was given by an author of the change"),
        EXPIRED("was given too long ago"),
        REPEATED("was given by someone whose approval counts already");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /** Returns the standing in words, readable after "the approval". */
        public String words() {
            return words;
        }
    }

    /** An approval and what it is worth. */
    public record Judged(Given given, Standing standing) {}

    /**
     * What the gate says.
     *
     * @param needed how many approvals are asked for
     * @param approvals what was given, each judged
     */
    public record Verdict(int needed, List<Judged> approvals) {
        public Verdict {
            approvals = List.copyOf(approvals);
        }

        /** Returns how many approvals count. */
        public int counted() {
            return (int) approvals.stream()
                    .filter(each -> each.standing() == Standing.COUNTS)
                    .count();
        }

        /** Returns whether the change may be made. */
        public boolean isOpen() {
            return counted() >= needed;
        }

        /** Returns how many approvals are missing. */
        public int missing() {
            return Math.max(0, needed - counted());
        }
    }

    /**
     * @param hash hash of what would be written
     * @param authors everyone who wrote a part of the change
     * @param given approvals in the order in which they were given
     */
    public static Verdict judge(
            Protection protection, String hash, Set<Actor> authors, List<Given> given, Instant now) {
        List<Judged> judged = new ArrayList<>();
        Set<Actor> counted = new HashSet<>();
        for (Given each : given) {
            judged.add(new Judged(each, standing(protection, hash, authors, counted, each, now)));
        }
        return new Verdict(protection.approvals(), judged);
    }

    private static Standing standing(
            Protection protection, String hash, Set<Actor> authors, Set<Actor> counted, Given given, Instant now) {
        if (authors.contains(given.by())) {
            return Standing.OWN;
        }
        if (!given.hash().equals(hash)) {
            return Standing.OTHER_CHANGE;
        }
        if (!now.isBefore(given.at().plus(protection.goodFor()))) {
            return Standing.EXPIRED;
        }
        return counted.add(given.by()) ? Standing.COUNTS : Standing.REPEATED;
    }
}
