// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.Arrays;
import java.util.List;

import jakarta.ws.rs.core.EntityTag;
import org.jspecify.annotations.Nullable;

/** Entity tags made of versions: {@code "7"}. */
public final class ETags {
    private static final int PRECONDITION_FAILED = 412;

    private ETags() {}

    public static EntityTag of(long version) {
        return new EntityTag(Long.toString(version));
    }

    /**
     * Checks the header of a conditional write.
     *
     * @param ifMatch the header: tags separated by commas, or {@code *} for "exists"; null for no condition
     * @param current version that stands; 0 for none
     * @throws ProblemException 412 {@code precondition-failed} if no tag is the current version's
     */
    public static void requireMatch(@Nullable String ifMatch, long current) {
        if (ifMatch == null || ifMatch.isBlank()) {
            return;
        }
        boolean matches = Arrays.stream(ifMatch.split(","))
                .map(String::trim)
                .anyMatch(tag -> tag.equals("*") ? current > 0 : tag.equals("\"" + current + "\""));
        if (!matches) {
            throw new ProblemException(
                    PRECONDITION_FAILED,
                    "precondition-failed",
                    "the current version is " + current + ", If-Match was " + ifMatch,
                    List.of());
        }
    }
}
