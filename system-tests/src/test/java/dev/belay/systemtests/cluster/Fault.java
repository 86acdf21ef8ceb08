// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.belay.standalone.distributed.Service;

/**
 * Something that breaks in the middle of a story.
 *
 * @param kind what breaks
 * @param service whose process; of the outages, who feels it most
 * @param place failpoint; empty for a moment in time
 * @param number how many-th passage of the failpoint, or replica
 * @param afterMillis milliseconds from the story's begin to the fault, or to arming the failpoint
 */
public record Fault(Kind kind, Service service, String place, int number, int afterMillis) {
    /** What can break. */
    public enum Kind {
        /** kill -9 at a moment. */
        KILL,
        /** The end at a place in the code. */
        FAILPOINT,
        /** PostgreSQL is away for some seconds. */
        DATABASE,
        /** The broker is stopped and started. */
        BROKER,
        /** A watcher is killed and its state directory deleted. */
        STATE,
        /** An edge hangs for some seconds, as by SIGSTOP. */
        PAUSE;

        /** Returns whether a process dies of it. */
        public boolean isKill() {
            return this == KILL || this == FAILPOINT || this == STATE;
        }
    }

    /** How many faults it takes until every kind has been there, for every service. */
    public static final int CYCLE = 2 * Service.values().length + 4;

    /** The longest a fault waits. */
    private static final int LONGEST_MILLIS = 5_000;

    private static final int REPLICAS = 2;
    private static final int EDGES = 3;

    private static final Map<Service, List<String>> PLACES = Map.of(
            Service.FLAG_CONFIG_SERVICE,
            List.of("outbox.after-read", "outbox.mid-publish", "outbox.after-commit"),
            Service.ROLLOUT_SCHEDULER,
            List.of("outbox.after-read", "outbox.mid-publish", "outbox.after-commit", "view.after-read"),
            Service.ROLLBACK_CONTROLLER,
            List.of(
                    "queue.after-read",
                    "queue.before-acknowledgement",
                    "publish.before-send",
                    "publish.before-acknowledgement",
                    "view.before-read",
                    "view.after-read"),
            Service.METRICS_WATCHER,
            List.of("watcher.before-commit", "watcher.mid-publish", "view.after-read"),
            Service.FLAG_EDGE,
            List.of("publish.before-send", "publish.before-acknowledgement", "view.before-read", "view.after-read"),
            Service.NOTIFIER,
            List.of(
                    "notifier.before-sending",
                    "notifier.after-sending",
                    "queue.after-read",
                    "queue.before-acknowledgement",
                    "view.after-read"));

    private static final Map<String, Integer> OFTEN = Map.of(
            "watcher.before-commit",
            2_000,
            "publish.before-send",
            4,
            "publish.before-acknowledgement",
            4,
            "queue.after-read",
            6,
            "queue.before-acknowledgement",
            6,
            "view.before-read",
            6,
            "view.after-read",
            6,
            "watcher.mid-publish",
            4);

    /** Returns a kill at a moment. */
    public static Fault kill(Service service, int replica, int afterMillis) {
        return new Fault(Kind.KILL, service, "", replica, afterMillis);
    }

    /** Returns the end at the n-th passage of a place, counted from the story's begin. */
    public static Fault at(Service service, String place, int nth) {
        return new Fault(Kind.FAILPOINT, service, place, nth, 0);
    }

    /**
     * Returns the n-th fault of a seed. Each cycle kills every service at a moment and at one of its failpoints, all of them in
     * turn, and has each of the other faults once.
     */
    public static Fault random(long seed, int number) {
        Random random = new Random(seed * 1_000_003 + number);
        Service[] services = Service.values();
        int place = number % CYCLE;
        int after = random.nextInt(LONGEST_MILLIS);
        if (place < services.length) {
            int replicas = services[place] == Service.FLAG_EDGE ? EDGES : REPLICAS;
            return kill(services[place], 1 + random.nextInt(replicas), after);
        }
        if (place < 2 * services.length) {
            return atSomePlace(services[place - services.length], number / CYCLE, after, random);
        }
        return switch (place - 2 * services.length) {
            case 0 -> new Fault(Kind.DATABASE, Service.ROLLOUT_SCHEDULER, "", 1, after);
            case 1 -> new Fault(Kind.BROKER, Service.ROLLBACK_CONTROLLER, "", 1, after);
            case 2 -> new Fault(Kind.STATE, Service.METRICS_WATCHER, "", 1 + random.nextInt(REPLICAS), after);
            default -> new Fault(Kind.PAUSE, Service.FLAG_EDGE, "", 1 + random.nextInt(EDGES), after);
        };
    }

    private static Fault atSomePlace(Service service, int turn, int after, Random random) {
        List<String> places = PLACES.getOrDefault(service, List.of());
        String place = places.get(turn % places.size());
        int nth = 1 + random.nextInt(OFTEN.getOrDefault(place, 1));
        return new Fault(Kind.FAILPOINT, service, place, nth, place.startsWith("outbox") ? 0 : after);
    }

    /** Returns every failpoint of a service. */
    static List<String> places(Service service) {
        return PLACES.getOrDefault(service, List.of());
    }

    /** Returns it in words. */
    public String text() {
        return switch (kind) {
            case KILL -> "kill -9 of " + service.module() + "-" + number + " after " + afterMillis + " ms";
            case FAILPOINT ->
                service.module() + " ends at " + place + ":" + number
                        + (afterMillis == 0 ? "" : " from " + afterMillis + " ms on");
            case DATABASE -> "PostgreSQL away after " + afterMillis + " ms";
            case BROKER -> "broker restarted after " + afterMillis + " ms";
            case STATE ->
                "kill -9 of metrics-watcher-" + number + " and its state deleted after " + afterMillis + " ms";
            case PAUSE -> "SIGSTOP of flag-edge-" + number + " after " + afterMillis + " ms";
        };
    }
}
