// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a channel wants to be told of.
 *
 * @param medium how it is spoken to
 * @param environments names; empty for all
 * @param tags of which a flag has at least one; empty for all flags
 * @param least what is less is not told
 */
public record Interest(Medium medium, Set<String> environments, Set<String> tags, Severity least) {
    public Interest {
        environments = Set.copyOf(environments);
        tags = Set.copyOf(tags);
    }

    /**
     * Returns whether it wants to be told. What is about no flag passes all but the severity: nobody else would hear of it.
     *
     * @param environment of the flag; null when it is about none
     */
    public boolean covers(
            Occasion occasion, Severity severity, @Nullable String environment, Collection<String> flagTags) {
        if (!medium.hears(occasion) || !(severity.isAtLeast(least) || occasion == Occasion.TEST)) {
            return false;
        }
        if (environment == null) {
            return true;
        }
        boolean inside = environments.isEmpty() || environments.contains(environment);
        return inside && (tags.isEmpty() || !Collections.disjoint(tags, flagTags));
    }
}
