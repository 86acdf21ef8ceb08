// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.util.List;

import dev.belay.contracts.verdicts.MemberEvidence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class HarmTest {
    @Test
    void evidenceOfHarmIsTheWeightedSumOfItsMembers() {
        List<MemberEvidence> members =
                List.of(member("rollout", 0.5, Math.log(30)), member("stage:0", 0.25, Math.log(8)));

        assertThat(Replay.logHarm(members)).isCloseTo(Math.log(17), within(1e-12));
    }

    @Test
    void evidenceTooLargeForADoubleHasALogarithm() {
        assertThat(Replay.logHarm(List.of(member("rollout", 0.5, 2_000)))).isCloseTo(2_000 - Math.log(2), within(1e-9));
    }

    private static MemberEvidence member(String scope, double weight, double logHarm) {
        return new MemberEvidence(scope, weight, logHarm, logHarm, false);
    }
}
