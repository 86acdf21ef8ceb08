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
import dev.belay.systemtests.history.Entry.Raised;
import dev.belay.systemtests.history.Entry.RolledBack;
import dev.belay.systemtests.history.Entry.Served;
import dev.belay.systemtests.history.Entry.Started;
import dev.belay.systemtests.history.Entry.Stated;
import dev.belay.systemtests.history.Entry.Streamed;
import dev.belay.systemtests.history.Entry.StreamedOn;
import dev.belay.systemtests.history.Entry.Told;
import dev.belay.systemtests.history.Entry.Written;

/** Finds what must never happen, from what clients saw alone. Every flag has one rollout, of epoch 1. */
public final class HistoryChecker {
    private static final String NOTIFIER = "notifier";
    private static final String ROLLED_BACK = "ROLLED_BACK";

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
        theLogEndsWithTheRollback(flag);
        countsAreThoseOfTheAcknowledgedEvents(flag, closed.expected());
        switch (closed.expected()) {
            case ROLLED_BACK -> {
                everyEdgeEndsOff(flag);
                oneRollback(flag);
                told(flag);
            }
            case RACED -> {
                everyEdgeEndsOff(flag);
                oneRollback(flag);
                onceOutNeverInAgain(flag);
                endsRolledBack(flag);
            }
            case UNHARMED -> {
                nothingHappened(flag);
                raisedOnce(flag);
            }
        }
    }

    /**
     * Who has shown that it is off, in an answer or on a stream, never serves the treatment again. A process that is not
     * ready may know an older stage than the killed one served last: its "off" says nothing about the treatment before it.
     */
    private void nothingTakenBackIsServedAgain(String flag) {
        Map<String, Long> shownOff = new HashMap<>();
        for (Streamed streamed : history.of(Streamed.class, flag)) {
            shownOff.merge(streamed.edge(), streamed.at(), Math::min);
        }
        for (Served served : history.of(Served.class, flag)) {
            Long off = shownOff.get(served.edge());
            if (served.isOfRollout() && off != null && served.begin() > off) {
                violations.add(flag + ": " + served.edge() + " served the "
                        + (served.treatment() ? "treatment " : "rollout's control ") + millis(served.begin() - off)
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
            String asProcess = who + " #" + served.process();
            if (served.treatment()) {
                wasOn.add(who);
                wasOn.add(asProcess);
                Long off = answeredOff.get(who);
                if (off != null && served.begin() > off) {
                    violations.add(flag + ": " + served.edge() + " served the treatment " + millis(served.begin() - off)
                            + " ms after it had answered off");
                }
            } else if (wasOn.contains(served.ready() ? who : asProcess)) {
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
                .filter(stated -> stated.status().equals(ROLLED_BACK))
                .min(Comparator.comparingLong(Stated::end));
        if (rolledBack.isEmpty()) {
            return;
        }
        for (Stated stated : history.of(Stated.class, flag)) {
            boolean isLater = stated.begin() > rolledBack.get().end();
            if (isLater
                    && (!stated.status().equals(ROLLED_BACK)
                            || stated.stage() > rolledBack.get().stage())) {
                violations.add(flag + ": was ROLLED_BACK in stage "
                        + rolledBack.get().stage() + " and later " + stated.status() + " in stage " + stated.stage());
            }
        }
    }

    /** After the state that says it is over, no other is ever written, and versions rise. */
    private void theLogEndsWithTheRollback(String flag) {
        Written last = null;
        for (Written written : history.of(Written.class, flag)) {
            if (last != null
                    && last.status().equals(ROLLED_BACK)
                    && !written.status().equals(ROLLED_BACK)) {
                violations.add(flag + ": " + written + " was written after " + last);
            }
            if (last != null && written.version() < last.version()) {
                violations.add(flag + ": version " + written.version() + " was written after " + last.version());
            }
            last = written;
        }
    }

    /** However often states are written: the rollout is over for the scheduler, too. */
    private void endsRolledBack(String flag) {
        List<Written> log = history.of(Written.class, flag);
        String last = log.isEmpty() ? "never written" : log.get(log.size() - 1).status();
        if (!last.equals(ROLLED_BACK)) {
            violations.add(flag + ": the log of rollouts ends with " + last);
        }
        List<Stated> said = history.of(Stated.class, flag);
        String stated = said.isEmpty() ? "nothing" : said.get(said.size() - 1).status();
        if (!stated.equals(ROLLED_BACK)) {
            violations.add(flag + ": the scheduler said " + stated + " last");
        }
    }

    /**
     * Of processes that were not killed: an edge that told its stream, or answered, that the rollout is out never tells or
     * answers otherwise, whoever is asked for.
     */
    private void onceOutNeverInAgain(String flag) {
        Map<String, Long> out = new HashMap<>();
        history.of(Streamed.class, flag).forEach(streamed -> out.merge(streamed.edge(), streamed.at(), Math::min));
        for (StreamedOn on : history.of(StreamedOn.class, flag)) {
            Long off = out.get(on.edge());
            if (off != null && on.at() > off) {
                violations.add(flag + ": " + on.edge() + " told its stream that nothing is taken back "
                        + millis(on.at() - off) + " ms after it had told the opposite");
            }
        }
        Map<String, Long> was = new HashMap<>();
        Map<String, Long> answered = new HashMap<>();
        history.of(Served.class, flag).stream()
                .sorted(Comparator.comparingLong(Served::end))
                .forEach(served -> {
                    Long before = was.get(served.edge());
                    Long off = answered.get(served.edge());
                    if (!served.isOfRollout() && before != null && served.begin() > before) {
                        answered.putIfAbsent(served.edge(), served.end());
                    } else if (served.isOfRollout()) {
                        was.putIfAbsent(served.edge(), served.end());
                        if (off != null && served.begin() > off) {
                            violations.add(flag + ": " + served.edge() + " served allocation " + served.allocation()
                                    + " " + millis(served.begin() - off) + " ms after it had served none");
                        }
                    }
                });
    }

    /** Replicas decide about the same stage at the same time, and one of them raises. */
    private void raisedOnce(String flag) {
        history.of(Raised.class, flag).stream()
                .filter(raised -> raised.times() > 1)
                .forEach(raised -> violations.add(flag + ": was raised " + raised.times() + " times to one stage"));
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
