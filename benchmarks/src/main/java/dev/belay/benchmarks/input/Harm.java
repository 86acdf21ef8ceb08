// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.input;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import org.apache.kafka.common.utils.Utils;

/**
 * The events of one rollout that does harm, arranged so that one known record completes the evidence.
 *
 * <p>Each part is sent when the one before has been counted:
 *
 * <ol>
 *   <li>the crowd: 40 units, the two arms in turn, none of which does anything. They end four blocks of ten, in which there
 *       is nothing to prove;
 *   <li>the rest of the harm: nine more units, and a purchase by each unit of control and by none of treatment. Outcomes end
 *       no block and nine units end none either, so all of it lies in one open block, in whatever order it comes;
 *   <li>the last record: the tenth exposure. It ends the block, and with it the evidence is there.
 * </ol>
 *
 * All units of a rollout are in one partition, so that those of the crowd arrive in their order.
 */
public final class Harm {
    private static final int CROWD = 40;
    private static final int OPEN = 9;
    private static final int ARMS = 2;

    private final String flag;
    private final List<String> units;

    /** @param number tells rollouts apart and spreads them over the partitions */
    public Harm(String flag, int number) {
        this.flag = flag;
        this.units = units(flag, number % Topics.UNIT_PARTITIONS);
    }

    public String flag() {
        return flag;
    }

    public List<Exposure> crowd(Instant at) {
        return exposures(0, CROWD, at);
    }

    /** The exposures of the open block but the last; sent together with {@link #purchases}. */
    public List<Exposure> open(Instant at) {
        return exposures(CROWD, CROWD + OPEN, at);
    }

    /** @param at not before the exposures of the crowd */
    public List<Outcome> purchases(Instant at) {
        return IntStream.range(0, CROWD)
                .filter(index -> !isTreated(index))
                .mapToObj(index -> Events.purchase(units.get(index), 0, at))
                .toList();
    }

    /** The record that completes the evidence. */
    public Exposure last(Instant at) {
        return exposures(CROWD + OPEN, CROWD + OPEN + 1, at).get(0);
    }

    private List<Exposure> exposures(int from, int to, Instant at) {
        return IntStream.range(from, to)
                .mapToObj(index -> Events.exposure(flag, units.get(index), isTreated(index), at))
                .toList();
    }

    private static boolean isTreated(int index) {
        return index % ARMS == 1;
    }

    private static List<String> units(String flag, int partition) {
        List<String> found = new ArrayList<>();
        for (int i = 0; found.size() < CROWD + OPEN + 1; i++) {
            String unit = flag + "-u" + i;
            byte[] key = Events.exposure(flag, unit, false, Instant.EPOCH)
                    .recordKey()
                    .getBytes(StandardCharsets.UTF_8);
            if (Utils.toPositive(Utils.murmur2(key)) % Topics.UNIT_PARTITIONS == partition) {
                found.add(unit);
            }
        }
        return List.copyOf(found);
    }
}
