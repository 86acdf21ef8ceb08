// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.flagconfig.FlagConfig;
import dev.belay.flagconfig.Journal;
import dev.belay.flagconfig.Locks;
import dev.belay.flagconfig.changes.decision.Protection;
import dev.belay.flagconfig.documents.Address;
import dev.belay.flagconfig.documents.Places;
import dev.belay.http.Caller;
import dev.belay.http.ETags;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Environments exist because a flag names them; what is agreed for them is kept here. */
@ApplicationScoped
class Environments {
    private final EnvironmentRows rows;
    private final Places places;
    private final Locks locks;
    private final Journal journal;
    private final Duration approvalAge;

    Environments(
            EnvironmentRows rows,
            Places places,
            Locks locks,
            Journal journal,
            @ConfigProperty(name = "belay.flags.approval-age", defaultValue = "P7D") Duration approvalAge) {
        this.rows = rows;
        this.places = places;
        this.locks = locks;
        this.journal = journal;
        this.approvalAge = approvalAge;
    }

    /**
     * An environment of a project.
     *
     * @param approvals how many others must approve a change of one of its flags; 0 for none
     * @param isProtected whether any must
     * @param version of what is agreed; 0 when nothing was
     */
    public record Environment(String project, String name, int approvals, boolean isProtected, long version) {
        static Environment of(EnvironmentRow row) {
            return new Environment(row.project, row.name, row.approvals, row.approvals > 0, row.version);
        }

        String key() {
            return project + "/" + name;
        }
    }

    /** Returns what a change of a flag of that environment needs. */
    @Transactional
    Protection protection(String project, String environment) {
        EnvironmentRow row = rows.findById(project + "/" + environment);
        return new Protection(row == null ? 0 : row.approvals, approvalAge);
    }

    /** Returns the environments that the caller may see, by key. */
    @Transactional
    List<Environment> list(Caller who, @Nullable String project) {
        Map<String, Environment> agreed = rows.listAll().stream()
                .map(Environment::of)
                .collect(Collectors.toMap(Environment::key, Function.identity()));
        Stream<Environment> named = places.all().stream()
                .filter(place -> place.environment() != null)
                .map(Environments::unagreed);
        return Stream.concat(agreed.values().stream(), named)
                .filter(each -> project == null || project.equals(each.project()))
                .filter(each -> who.mayUse(each.project(), each.name()))
                .collect(Collectors.toMap(Environment::key, Function.identity(), (first, second) -> first))
                .values()
                .stream()
                .sorted(Comparator.comparing(Environment::key))
                .toList();
    }

    /** Returns what is agreed for an environment, also for one that no flag names yet. */
    @Transactional
    Environment get(String project, String name) {
        EnvironmentRow row = rows.findById(project + "/" + name);
        return row == null ? unagreed(new Address(project, name, name)) : Environment.of(row);
    }

    /** @throws dev.belay.http.ProblemException 412 if the condition does not hold */
    @Transactional
    Environment protect(
            String project,
            String name,
            int approvals,
            Actor actor,
            @Nullable String reason,
            @Nullable String ifMatch) {
        new Protection(approvals, approvalAge);
        Environment before = held(project, name);
        ETags.requireMatch(ifMatch, before.version());
        if (before.version() > 0 && before.approvals() == approvals) {
            return before;
        }
        EnvironmentRow found = rows.findById(before.key());
        EnvironmentRow row = found == null ? new EnvironmentRow() : found;
        row.id = before.key();
        row.project = project;
        row.name = name;
        row.version++;
        row.approvals = approvals;
        row.updatedAt = Instant.now();
        rows.persist(row);
        Environment after = Environment.of(row);
        journal.audit(new AuditEvent(
                FlagConfig.SERVICE + "/environment/" + row.id + "@" + row.version,
                FlagConfig.SERVICE,
                actor,
                "environment.protect",
                row.id,
                project,
                reason,
                Json.tree(before),
                Json.tree(after),
                row.updatedAt));
        return after;
    }

    private Environment held(String project, String name) {
        locks.hold("environment/" + project + "/" + name);
        return get(project, name);
    }

    private static Environment unagreed(Address place) {
        String environment = place.environment();
        return new Environment(place.project(), environment == null ? place.name() : environment, 0, false, 0);
    }
}
