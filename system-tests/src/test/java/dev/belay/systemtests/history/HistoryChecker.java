// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.belay.systemtests.history.Entry.Acknowledged;
import dev.belay.systemtests.history.Entry.Closed;
import dev.belay.systemtests.history.Entry.Counted;
import dev.belay.systemtests.history.Entry.Expected;
import dev.belay.systemtests.history.Entry.Killed;
import dev.belay.systemtests.history.Entry.RolledBack;
import dev.belay.systemtests.history.Entry.Served;
import dev.belay.systemtests.history.Entry.Started;
import dev.belay.systemtests.history.Entry.Stated;
import dev.belay.systemtests.history.Entry.Streamed;
import dev.belay.systemtests.history.Entry.Told;

/** Finds what must never happen, from what clients saw alone. Every flag has one rollout, of epoch 1. */
public final class HistoryChecker {
    private static final String NOTIFIER = "notifier";

    private final History history;
    private final List<String> violations = new ArrayList<>();

    private HistoryChecker(History history) {
        this.history = history;
    }

    /** Returns what went wrong with the flags whose stories are closed, in sentences; nothing when nothing did. */
    public static List<String> violations(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        history.entries().stream()
                .filter(Closed.class::isInstance)
                .map(Closed.class::cast)
                .forEach(checker::check);
        return List.copyOf(checker.violations);
    }

    private void check(Closed closed) {
        String flag = closed.flag();
        nothingTakenBackIsServedAgain(flag);
        readyMeansUpToDate(flag);
        noAdvanceAfterTheRollback(flag);
        countsAreThoseOfTheAcknowledgedEvents(flag, closed.expected());
        if (closed.expected() == Expected.ROLLED_BACK) {
            everyEdgeEndsOff(flag);
            oneRollback(flag);
            told(flag);
        } else {
            nothingHappened(flag);
        }
    }

    /** Who has shown that it is off, in an answer or on a stream, never serves the treatment again. */
    private void nothingTakenBackIsServedAgain(String flag) {
        Map<String, Long> shownOff = new HashMap<>();
        for (Streamed streamed : history.of(Streamed.class, flag)) {
            shownOff.merge(streamed.edge(), streamed.at(), Math::min);
        }
        for (Served served : history.of(Served.class, flag)) {
            Long off = shownOff.get(served.edge());
            if (served.treatment() && off != null && served.begin() > off) {
                violations.add(flag + ": " + served.edge() + " served the treatment " + millis(served.begin() - off)
                        + " ms after it had said that it is taken back");
            }
        }
        Map<String, Long> answeredOff = new HashMap<>();
        List<Served> byEnd = history.of(Served.class, flag).stream()
                .sorted(Comparator.comparingLong(Served::end))
                .toList();
        Set<String> wasOn = new HashSet<>();
        for (Served served : byEnd) {
            String who = served.edge() + " " + served.user();
            if (served.treatment()) {
                wasOn.add(who);
                Long off = answeredOff.get(who);
                if (off != null && served.begin() > off) {
                    violations.add(flag + ": " + served.edge() + " served the treatment " + millis(served.begin() - off)
                            + " ms after it had answered off");
                }
            } else if (wasOn.contains(who)) {
                answeredOff.putIfAbsent(who, served.end());
            }
        }
    }

    /** An edge whose process began after some edge had shown the rollback never serves the treatment once it is ready. */
    private void readyMeansUpToDate(String flag) {
        Optional<Long> firstOff =
                history.of(Streamed.class, flag).stream().map(Streamed::at).min(Comparator.naturalOrder());
        if (firstOff.isEmpty()) {
            return;
        }
        Map<String, Long> starts = new HashMap<>();
        history.of(Started.class)
                .forEach(started -> starts.put(started.process() + "#" + started.number(), started.at()));
        for (Served served : history.of(Served.class, flag)) {
            long start = starts.getOrDefault(served.edge() + "#" + served.process(), Long.MIN_VALUE);
            if (served.treatment() && served.ready() && start > firstOff.get()) {
                violations.add(flag + ": " + served.edge()
                        + " said that it is ready and served the treatment, though it had started after the rollback");
            }
        }
    }

    private void noAdvanceAfterTheRollback(String flag) {
        Optional<Stated> rolledBack = history.of(Stated.class, flag).stream()
                .filter(stated -> stated.status().equals("ROLLED_BACK"))
                .min(Comparator.comparingLong(Stated::end));
        if (rolledBack.isEmpty()) {
            return;
        }
        for (Stated stated : history.of(Stated.class, flag)) {
            boolean isLater = stated.begin() > rolledBack.get().end();
            if (isLater
                    && (!stated.status().equals("ROLLED_BACK")
                            || stated.stage() > rolledBack.get().stage())) {
                violations.add(flag + ": was ROLLED_BACK in stage "
                        + rolledBack.get().stage() + " and later " + stated.status() + " in stage " + stated.stage());
            }
        }
    }

    private void countsAreThoseOfTheAcknowledgedEvents(String flag, Expected expected) {
        List<Counted> counts = history.of(Counted.class, flag);
        if (counts.isEmpty()) {
            if (expected == Expected.UNHARMED) {
                violations.add(flag + ": was never counted");
            }
            return;
        }
        Counted said = counts.get(counts.size() - 1);
        Counted sent = counted(flag);
        if (expected == Expected.UNHARMED && !said.equals(sent)) {
            violations.add(flag + ": the watcher counted " + said + ", acknowledged were " + sent);
        }
        boolean tooMany = said.exposedControl() > sent.exposedControl()
                || said.exposedTreatment() > sent.exposedTreatment()
                || said.convertedControl() > sent.convertedControl()
                || said.convertedTreatment() > sent.convertedTreatment();
        if (expected == Expected.ROLLED_BACK && tooMany) {
            violations.add(flag + ": the watcher counted " + said + ", more than the acknowledged " + sent);
        }
    }

    private Counted counted(String flag) {
        Set<String> seen = new HashSet<>();
        long[] counts = new long[4];
        for (Acknowledged each : history.of(Acknowledged.class, flag)) {
            if (seen.add(each.unit())) {
                int arm = each.treated() ? 2 : 0;
                counts[arm]++;
                counts[arm + 1] += each.converted() ? 1 : 0;
            }
        }
        return new Counted(flag, counts[0], counts[1], counts[2], counts[3]);
    }

    private void everyEdgeEndsOff(String flag) {
        Map<String, Served> last = new HashMap<>();
        for (Served served : history.of(Served.class, flag)) {
            last.merge(served.edge(), served, (one, other) -> other.end() >= one.end() ? other : one);
        }
        if (last.isEmpty()) {
            violations.add(flag + ": no edge was ever asked");
        }
        last.values().stream()
                .filter(Served::treatment)
                .forEach(served -> violations.add(flag + ": " + served.edge() + " ends on the treatment"));
    }

    private void oneRollback(String flag) {
        Set<String> ids = new HashSet<>();
        history.of(RolledBack.class, flag).forEach(rollback -> ids.add(rollback.id()));
        if (ids.size() != 1) {
            violations.add(flag + ": has " + ids.size() + " rollbacks instead of one: " + ids);
        }
    }

    /** One message per transition, two only if a notifier died, for it may have sent and not noted. */
    private void told(String flag) {
        boolean mayRepeat = history.of(Killed.class).stream()
                .anyMatch(killed -> killed.process().startsWith(NOTIFIER));
        Map<String, Integer> times = new HashMap<>();
        history.of(Told.class, flag).forEach(told -> times.merge(told.title(), 1, Integer::sum));
        if (times.keySet().stream().noneMatch(title -> title.contains("Rolled back"))) {
            violations.add(flag + ": nobody was told of the rollback, but of " + times.keySet());
        }
        times.forEach((title, count) -> {
            if (count > (mayRepeat ? 2 : 1)) {
                violations.add(flag + ": \"" + title + "\" was told " + count + " times");
            }
        });
    }

    private void nothingHappened(String flag) {
        history.of(RolledBack.class, flag)
                .forEach(rollback -> violations.add(flag + ": was taken back for nothing: " + rollback.id()));
        history.of(Told.class, flag).stream()
                .filter(told -> told.title().contains("Rolled back"))
                .forEach(told -> violations.add(flag + ": a rollback was told that did not happen: " + told.title()));
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
