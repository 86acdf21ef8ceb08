// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.tally.RolloutTally;

/** What was said of a flag, so that only news are said before the next heartbeat. */
final class Said {
    private static final long NUMBERS_MILLIS = 1_000;

    private final RolloutTally tally;
    private final Map<String, News> last = new HashMap<>();
    private boolean verdictDue = true;
    private boolean evidenceDue = true;
    private long evidenceAt;
    private long chartAt;
    private long beatAt;

    /** What makes a verdict news at once. */
    private record News(Decision decision, List<Reason> reasons, int stage, long rolloutVersion, long atMillis) {
        static News of(Verdict verdict) {
            return new News(
                    verdict.decision(),
                    verdict.reasons(),
                    verdict.stage(),
                    verdict.rolloutVersion(),
                    verdict.at().toEpochMilli());
        }

        boolean isAsBefore(News before) {
            return decision == before.decision
                    && reasons.equals(before.reasons)
                    && stage == before.stage
                    && rolloutVersion == before.rolloutVersion;
        }
    }

    Said(RolloutTally tally) {
        this.tally = tally;
    }

    RolloutTally tally() {
        return tally;
    }

    boolean isVerdictDue() {
        return verdictDue;
    }

    void markDirty() {
        verdictDue = true;
        evidenceDue = true;
    }

    /** @param owed whether a verdict was left unsaid because only its numbers changed */
    void verdictsSaid(boolean owed) {
        verdictDue = owed;
    }

    boolean isNews(Verdict verdict) {
        News now = News.of(verdict);
        News before = last.get(verdict.subject());
        return before == null
                || !now.isAsBefore(before)
                || (verdict.segment() == null && now.atMillis() - before.atMillis() >= NUMBERS_MILLIS);
    }

    /** Returns whether only numbers changed, and too recently to say them again; those of segments wait for a heartbeat. */
    boolean isOwed(Verdict verdict) {
        News before = last.get(verdict.subject());
        return before != null
                && verdict.segment() == null
                && before.atMillis() < verdict.at().toEpochMilli()
                && !isNews(verdict);
    }

    void said(Verdict verdict) {
        last.put(verdict.subject(), News.of(verdict));
    }

    boolean isHeartbeatDue(long now, Duration heartbeat) {
        return now - beatAt >= heartbeat.toMillis();
    }

    /** The first comes at once; those after it at a moment of the flag's own, or all flags would beat together. */
    void beat(long now, Duration heartbeat) {
        beatAt = beatAt == 0 ? now - spread(heartbeat.toMillis()) : now;
    }

    boolean isEvidenceDue(long now) {
        return evidenceDue && now - evidenceAt >= NUMBERS_MILLIS;
    }

    void evidenceSaid(long now) {
        evidenceAt = evidenceAt == 0 ? now - spread(NUMBERS_MILLIS) : now;
        evidenceDue = false;
    }

    private long spread(long millis) {
        return Math.floorMod(tally.rollout().ref().key().hashCode(), Math.max(1, millis));
    }

    boolean isChartDue(long now, long everyMillis) {
        boolean due = now - chartAt >= everyMillis;
        if (due) {
            chartAt = now;
        }
        return due;
    }
}
