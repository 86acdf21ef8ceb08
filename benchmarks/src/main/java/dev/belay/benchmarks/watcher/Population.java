// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dev.belay.benchmarks.input.Events;
import dev.belay.benchmarks.input.Facts;
import dev.belay.benchmarks.input.Feeder;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.kafka.KafkaSettings;

/** The units of a case, what they see and do: both arms alike, so that no rollout is ever taken back. */
final class Population {
    private static final int LINGER_MILLIS = 20;

    private final WatcherCase size;
    private final List<RolloutState> rollouts;

    Population(WatcherCase size, Instant now) {
        this.size = size;
        this.rollouts = IntStream.range(0, size.rollouts())
                .mapToObj(number -> Facts.rollout(flag(number), now))
                .toList();
    }

    List<RolloutState> rollouts() {
        return rollouts;
    }

    /** Puts everything on the topics. */
    void load(KafkaSettings settings) {
        try (Feeder feeder = new Feeder(settings, LINGER_MILLIS)) {
            for (RolloutState rollout : rollouts) {
                feeder.put(Topics.ROLLOUTS, rollout.ref().key(), rollout, rollout.id());
            }
            for (int unit = 0; unit < size.units(); unit++) {
                load(feeder, unit);
            }
            feeder.flush();
        }
    }

    private void load(Feeder feeder, int unit) {
        String name = "u" + unit;
        for (int i = 0; i < size.seen(); i++) {
            String flag = flag((unit + i) % size.rollouts());
            feeder.put(Events.exposure(flag, name, size.isTreated(unit), Instant.now()));
        }
        if (size.doesSomething(unit)) {
            feeder.put(Events.purchase(name, 0, Instant.now()));
        }
    }

    private static String flag(int number) {
        return "flag-" + number;
    }
}
