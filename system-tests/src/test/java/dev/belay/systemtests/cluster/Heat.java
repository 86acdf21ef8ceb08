// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import dev.belay.systemtests.history.HistoryChecker;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Some races, one right after the other, in an environment of their own; the same clients at every edge watch them all. */
public final class Heat {
    private static final int USERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** How long it is looked for what comes after the end. */
    private static final Duration AFTERMATH = Duration.ofMillis(500);

    private static final int STARTERS = 4;
    /** So many races wait for answers when the next is sent: what is left to do of others would draw it out. */
    private static final int TOGETHER = 1;

    private static final String ROLLED_BACK = "ROLLED_BACK";

    private final Cluster cluster;
    private final RecordLog log;
    private final Producer<byte[], byte[]> watcher;
    private final History history = new History();
    private final List<Race> races = new ArrayList<>();
    private final String environment;

    /**
     * What came of one race.
     *
     * @param spread from before the first until after the last was sent
     * @param isPaused whether the rollout was paused before
     * @param obeyed how many advances were obeyed
     * @param wasWrittenLate whether a state of a later stage was written when the rollback stood in the log already
     * @param wasSeen whether some edge served a later stage, before
     * @param wasSeenElsewhere whether some edge still served by a later stage when another had shown the rollback
     */
    public record Outcome(
            Duration spread,
            boolean isPaused,
            int obeyed,
            boolean wasWrittenLate,
            boolean wasSeen,
            boolean wasSeenElsewhere) {}

    /**
     * What came of all.
     *
     * @param outcomes one of each race
     * @param violations what must not be, empty when all is well
     */
    public record Result(List<Outcome> outcomes, List<String> violations) {}

    /** @param environment name of an environment that nobody has used */
    public Heat(
            Cluster cluster,
            RecordLog log,
            Producer<byte[], byte[]> watcher,
            String environment,
            int races,
            long seed) {
        this.cluster = cluster;
        this.log = log;
        this.watcher = watcher;
        this.environment = environment;
        Random random = new Random(seed);
        for (int number = 0; number < races; number++) {
            FlagRef flag = new FlagRef(Cluster.PROJECT, environment, environment + "-" + number);
            this.races.add(new Race(cluster, flag, new Random(random.nextLong())));
        }
    }

    /** Runs it. */
    public Result run() throws IOException, InterruptedException {
        List<String> violations = new ArrayList<>();
        List<Integer> obeyed = new ArrayList<>();
        Set<String> flags = races.stream().map(Race::flag).collect(Collectors.toSet());
        Observer.Manner manner = new Observer.Manner(environment, USERS, PAUSE, false);
        try (Observer observer = new Observer(cluster, history, flags, manner)) {
            observer.start();
            begin();
            patiently(() -> flags.stream().allMatch(flag -> observer.holdsForAll(flag, 0, Entry.Served::isOfRollout)));
            for (Race race : races) {
                race.ready();
            }
            for (int i = 0; i < races.size() + TOGETHER; i++) {
                if (i >= TOGETHER) {
                    obeyed.add(races.get(i - TOGETHER).obeyedAdvances());
                }
                if (i < races.size()) {
                    races.get(i).run(watcher);
                }
            }
            long since = System.nanoTime();
            try {
                patiently(() -> flags.stream().allMatch(flag -> isOver(flag, observer, since)));
            } catch (ConditionTimeoutException e) {
                violations.add(environment + " did not end: " + e.getMessage());
            }
            Thread.sleep(AFTERMATH.toMillis());
        }
        flags.forEach(this::noteLog);
        noteStates(flags);
        flags.forEach(flag -> history.add(new Entry.Closed(flag, Entry.Expected.RACED)));
        violations.addAll(HistoryChecker.violations(history));
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < races.size(); i++) {
            outcomes.add(outcome(races.get(i), obeyed.get(i)));
        }
        return new Result(outcomes, violations);
    }

    private void begin() throws IOException, InterruptedException {
        ExecutorService starters = Executors.newFixedThreadPool(STARTERS);
        try {
            List<Future<?>> started = new ArrayList<>();
            for (Race race : races) {
                started.add(starters.submit(() -> {
                    race.begin();
                    return null;
                }));
            }
            for (Future<?> each : started) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a race did not begin: " + e.getCause(), e);
        } finally {
            starters.shutdownNow();
        }
    }

    private boolean isOver(String flag, Observer observer, long since) {
        List<RecordLog.State> states = log.states(flag);
        return !states.isEmpty()
                && states.get(states.size() - 1).status().equals(ROLLED_BACK)
                && history.of(Entry.Streamed.class, flag).stream()
                                .map(Entry.Streamed::edge)
                                .distinct()
                                .count()
                        == cluster.edges().size()
                && observer.holdsForAll(flag, since, served -> !served.isOfRollout());
    }

    private void noteLog(String flag) {
        log.states(flag)
                .forEach(state -> history.add(new Entry.Written(flag, state.version(), state.status(), state.stage())));
        log.rollbacks(flag).forEach(back -> history.add(new Entry.RolledBack(flag, back.id())));
    }

    /** Every replica of the scheduler is asked. */
    private void noteStates(Set<String> flags) throws IOException, InterruptedException {
        for (Replica scheduler : cluster.fleet().replicas(Service.ROLLOUT_SCHEDULER)) {
            long begin = System.nanoTime();
            JsonNode page = cluster.admin(scheduler)
                    .get("/api/v1/rollouts?limit=1000&project=" + Cluster.PROJECT + "&environment=" + environment)
                    .orElseThrow();
            long end = System.nanoTime();
            for (JsonNode state : page.path("items")) {
                String flag = state.path("flag").asText();
                if (flags.contains(flag)) {
                    history.add(new Entry.Stated(
                            flag,
                            state.path("status").asText(),
                            state.path("stage").asInt(),
                            begin,
                            end));
                }
            }
        }
    }

    private Outcome outcome(Race race, int obeyed) {
        String flag = race.flag();
        long back = log.rollbacks(flag).stream()
                .mapToLong(RecordLog.Back::atMillis)
                .min()
                .orElse(Long.MAX_VALUE);
        boolean isLate = log.states(flag).stream()
                .anyMatch(
                        state -> state.stage() > 0 && !state.status().equals(ROLLED_BACK) && state.atMillis() >= back);
        long shown = history.of(Entry.Streamed.class, flag).stream()
                .mapToLong(Entry.Streamed::at)
                .min()
                .orElse(Long.MAX_VALUE);
        List<Entry.Served> raised = history.of(Entry.Served.class, flag).stream()
                .filter(served -> served.allocation() > 1)
                .toList();
        return new Outcome(
                race.spread(),
                race.isPaused(),
                obeyed,
                isLate,
                !raised.isEmpty(),
                raised.stream().anyMatch(served -> served.begin() > shown));
    }

    private interface Condition {
        boolean holds();
    }

    private static void patiently(Condition condition) {
        Awaitility.await().atMost(Cluster.PATIENCE).pollInterval(LOOK).until(condition::holds);
    }
}
