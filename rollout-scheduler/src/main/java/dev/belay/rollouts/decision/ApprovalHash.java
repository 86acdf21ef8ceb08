// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.Plan;
import org.jspecify.annotations.Nullable;

/** What approvals are bound to: the rollout, its whole plan, and the stage that is to be entered. */
final class ApprovalHash {
    private ApprovalHash() {}

    /**
     * Returns 64 hexadecimal digits: SHA-256 of all of it.
     *
     * @param rollout {@code project/environment/flag#epoch}
     * @param stage name of the stage; null for the rollout as a whole
     */
    static String of(String rollout, Plan plan, @Nullable String stage) {
        String text = rollout + "\n" + (stage == null ? "" : stage) + "\n" + Json.write(plan);
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
