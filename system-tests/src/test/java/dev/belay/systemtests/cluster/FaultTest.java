// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.belay.standalone.distributed.Service;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FaultTest {
    private static final int ROUNDS = 8 * Fault.CYCLE;

    private final List<Fault> faults = IntStream.range(0, ROUNDS)
            .mapToObj(number -> Fault.random(3, number))
            .toList();

    @Test
    void eightCyclesKillAHundredTimesAndEveryServiceAsOften() {
        assertThat(faults.stream().filter(fault -> fault.kind().isKill())).hasSizeGreaterThanOrEqualTo(100);
        for (Service service : Service.values()) {
            assertThat(faults.stream()
                            .filter(fault -> fault.kind().isKill() && fault.service() == service)
                            .count())
                    .as(service.module())
                    .isGreaterThanOrEqualTo(16);
        }
    }

    @Test
    void eightCyclesComeToEveryFailpointAndEveryKindOfFault() {
        for (Service service : Service.values()) {
            Set<String> reached = faults.stream()
                    .filter(fault -> fault.kind() == Fault.Kind.FAILPOINT && fault.service() == service)
                    .map(Fault::place)
                    .collect(Collectors.toSet());
            assertThat(reached).as(service.module()).containsExactlyInAnyOrderElementsOf(Fault.places(service));
        }
        assertThat(faults).extracting(Fault::kind).contains(Fault.Kind.values());
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        assertThat(IntStream.range(0, ROUNDS).mapToObj(number -> Fault.random(3, number)))
                .containsExactlyElementsOf(faults);
        assertThat(Fault.random(4, 0)).isNotEqualTo(Fault.random(3, 0));
    }
}
