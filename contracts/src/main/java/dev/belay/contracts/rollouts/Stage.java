// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Duration;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A step of a rollout. Stages are cumulative: each adds people, nobody leaves.
 *
 * @param name unique within the plan
 * @param to whom it adds
 * @param control share of the clause kept on control while the stage lasts, in percent, above 0 and below 100; null for none
 * @param atLeast shortest time in the stage
 * @param minUsers users in each variant before the next stage is entered; null for no minimum
 * @param advance what the next stage needs
 * @param askAfter time in the stage after which a person is asked, once; null for never
 * @param approval who must agree before the stage is entered; null for nobody
 */
public record Stage(
        String name,
        Audience to,
        @Nullable Double control,
        Duration atLeast,
        @Nullable Long minUsers,
        AdvanceMode advance,
        @Nullable Duration askAfter,
        @Nullable Approval approval) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Stage {
        Require.name(name, "stage.name");
        Require.nonNull(to, "stage.to");
        Require.that(
                control == null || (control > 0 && control < 100),
                "stage.control",
                "must lie in (0, 100) percent",
                control);
        Require.nonNull(atLeast, "stage.atLeast");
        Require.that(!atLeast.isNegative(), "stage.atLeast", "must not be negative", atLeast);
        Require.that(minUsers == null || minUsers > 0, "stage.minUsers", "must be positive", minUsers);
        Require.nonNull(advance, "stage.advance");
        Require.that(askAfter == null || !askAfter.isNegative(), "stage.askAfter", "must not be negative", askAfter);
    }
}
