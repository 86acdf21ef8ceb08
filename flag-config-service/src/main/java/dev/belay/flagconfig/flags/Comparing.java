// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.documents.PastVersion;
import dev.belay.flagconfig.documents.decision.Differences;
import dev.belay.flagconfig.documents.decision.Differences.Difference;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.ManifestForm;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Compares flags with each other and with what they were. */
@ApplicationScoped
class Comparing {
    private final Flags flags;

    Comparing(Flags flags) {
        this.flags = flags;
    }

    /**
     * One side of a comparison.
     *
     * @param flag key of the flag's records
     */
    public record Side(String flag, long version) {
        static Side of(FlagDefinition flag) {
            return new Side(flag.ref().key(), flag.version());
        }
    }

    /**
     * How two flags, or two versions of one, differ.
     *
     * @param isSame whether they do the same
     */
    public record Diff(Side from, Side to, boolean isSame, List<Difference> differences) {}

    /**
     * A version of a flag.
     *
     * @param actor who wrote it; null for versions from before this was kept
     * @param action what was done; null as above
     * @param differences what it changed in the version before
     */
    public record Version(
            long version,
            Instant at,
            @Nullable Actor actor,
            @Nullable String action,
            @Nullable String reason,
            List<Difference> differences) {}

    /** Whether a flag is the same in two environments. */
    public enum Standing {
        SAME,
        DIFFERS,
        ONLY_FROM,
        ONLY_TO
    }

    /** A flag in two environments. */
    public record Compared(String flag, Standing standing, List<Difference> differences) {}

    /** Compares two flags; null version for what stands. */
    @Transactional
    Diff diff(FlagRef from, @Nullable Long fromVersion, FlagRef to, @Nullable Long toVersion) {
        return diff(flag(from, fromVersion), flag(to, toVersion));
    }

    /** Returns the versions below {@code before}, newest first. */
    @Transactional
    Page<Version> history(FlagRef ref, long before, int limit) {
        List<PastVersion<FlagDefinition>> found = flags.history(ref, before, limit + 1);
        if (found.isEmpty() && flags.find(ref).isEmpty()) {
            throw ProblemException.notFound("flag " + ref);
        }
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < Math.min(limit, found.size()); i++) {
            PastVersion<FlagDefinition> each = found.get(i);
            Optional<FlagDefinition> previous =
                    i + 1 < found.size() ? Optional.of(found.get(i + 1).value()) : Optional.empty();
            List<Difference> differences =
                    Differences.between(previous.map(ManifestForm::of).orElse(null), ManifestForm.of(each.value()));
            versions.add(
                    new Version(each.version(), each.at(), each.actor(), each.action(), each.reason(), differences));
        }
        String next = found.size() > limit
                ? Long.toString(versions.get(versions.size() - 1).version())
                : null;
        return new Page<>(versions, next);
    }

    /** Returns every flag of two environments that are not archived there. */
    @Transactional
    List<Compared> environments(String project, String environment, String otherProject, String otherEnvironment) {
        Map<String, FlagDefinition> from = byKey(project, environment);
        Map<String, FlagDefinition> to = byKey(otherProject, otherEnvironment);
        TreeSet<String> keys = new TreeSet<>(from.keySet());
        keys.addAll(to.keySet());
        return keys.stream()
                .map(key -> compared(key, from.get(key), to.get(key)))
                .toList();
    }

    static Diff diff(FlagDefinition from, FlagDefinition to) {
        List<Difference> differences = from.ref().equals(to.ref())
                ? Differences.between(ManifestForm.of(from), ManifestForm.of(to))
                : Differences.between(Rewrite.withoutPlace(from), Rewrite.withoutPlace(to));
        return new Diff(Side.of(from), Side.of(to), differences.isEmpty(), differences);
    }

    static Diff diffOfNew(FlagDefinition after) {
        List<Difference> differences = Differences.between(null, Rewrite.withoutPlace(after));
        return new Diff(new Side(after.ref().key(), 0), Side.of(after), false, differences);
    }

    private static Compared compared(String key, @Nullable FlagDefinition from, @Nullable FlagDefinition to) {
        if (from == null || to == null) {
            return new Compared(key, from == null ? Standing.ONLY_TO : Standing.ONLY_FROM, List.of());
        }
        List<Difference> differences = Differences.between(Rewrite.withoutPlace(from), Rewrite.withoutPlace(to));
        return new Compared(key, differences.isEmpty() ? Standing.SAME : Standing.DIFFERS, differences);
    }

    private Map<String, FlagDefinition> byKey(String project, String environment) {
        return flags.list(project, environment).stream()
                .collect(Collectors.toMap(FlagDefinition::flag, Function.identity()));
    }

    private FlagDefinition flag(FlagRef ref, @Nullable Long version) {
        return version == null ? flags.get(ref) : flags.get(ref, version);
    }
}
