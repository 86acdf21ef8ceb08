// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A limit that the treatment must not cross. Relative limits compare with control, absolute ones with a number.
 *
 * @param name unique within the plan; the metric's name where the template gives none
 * @param metric name of the metric
 * @param limit what must not be crossed
 * @param threshold for {@code falls} and {@code rises} the change relative to control as a fraction (0.2 is 20 %; falls:
 *     above 0 and below 1, rises: above 0); for {@code above} and {@code below} an absolute number
 * @param within window of an absolute limit; null for relative ones
 * @param of whose events an absolute limit counts; null for relative ones
 * @param then what a breach does
 * @param scope what a breach takes out
 */
public record Guardrail(
        String name,
        String metric,
        Limit limit,
        double threshold,
        @Nullable Duration within,
        @Nullable Of of,
        Then then,
        Scope scope) {

    /** What must not be crossed. */
    public enum Limit {
        @JsonProperty("falls")
        FALLS,
        @JsonProperty("rises")
        RISES,
        @JsonProperty("above")
        ABOVE,
        @JsonProperty("below")
        BELOW
    }

    /** Whose events count. */
    public enum Of {
        @JsonProperty("treatment")
        TREATMENT,
        @JsonProperty("flag")
        FLAG,
        @JsonProperty("project")
        PROJECT
    }

    /** What a breach does. */
    public enum Then {
        @JsonProperty("rollback")
        ROLLBACK,
        @JsonProperty("hold")
        HOLD,
        @JsonProperty("notify")
        NOTIFY,
        @JsonProperty("observe")
        OBSERVE
    }

    /** What a breach takes out. */
    public enum Scope {
        /** A segment's breach the segment, one of several variants' the variant, else everything. */
        @JsonProperty("auto")
        AUTO,
        @JsonProperty("all")
        ALL,
        @JsonProperty("variant")
        VARIANT,
        @JsonProperty("segment")
        SEGMENT
    }

    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Guardrail {
        Require.name(name, "guardrail.name");
        Require.name(metric, "guardrail.metric");
        Require.nonNull(limit, "guardrail.limit");
        Require.that(Double.isFinite(threshold), "guardrail.threshold", "must be finite", threshold);
        Require.that(
                limit != Limit.FALLS || (threshold > 0 && threshold < 1),
                "guardrail.falls",
                "must lie in (0, 100) percent",
                threshold);
        Require.that(limit != Limit.RISES || threshold > 0, "guardrail.rises", "must be above 0 percent", threshold);
        then = then == null ? Then.ROLLBACK : then;
        scope = scope == null ? Scope.AUTO : scope;
    }

    /** Returns whether the limit is a change relative to control. */
    @JsonIgnore
    public boolean isRelative() {
        return limit == Limit.FALLS || limit == Limit.RISES;
    }
}
