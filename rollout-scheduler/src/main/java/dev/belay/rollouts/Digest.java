// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Holdout;
import dev.belay.contracts.flags.OptIn;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.TargetingRule;
import org.jspecify.annotations.Nullable;

/** Digests by which equal things are recognised. */
final class Digest {
    private Digest() {}

    /** Everything of a flag that decides before a rollout does, or how a rollout splits. */
    private record Targeting(
            boolean enabled,
            boolean archived,
            List<TargetingRule> rules,
            List<Prerequisite> prerequisites,
            @Nullable OptIn optIn,
            @Nullable Holdout holdout,
            String bucketBy) {}

    /** Returns the SHA-256 of a text, 64 hexadecimal digits. */
    static String of(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String ofTargeting(FlagDefinition flag) {
        return of(Json.write(new Targeting(
                flag.enabled(),
                flag.archived(),
                flag.rules(),
                flag.prerequisites(),
                flag.optIn(),
                flag.holdout(),
                flag.bucketBy())));
    }
}
