// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.http.ETags;
import dev.belay.manifest.ChannelDocument;
import dev.belay.outbox.Outbox;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** The channels of all projects. */
@ApplicationScoped
public class Channels implements PanacheRepositoryBase<ChannelRow, Long> {
    private static final String BY_NAME = "project = ?1 and name = ?2";

    private final Outbox outbox;

    Channels(@DataSource("notifier") AgroalDataSource database) {
        this.outbox = new Outbox(database, "notifier");
    }

    /** Returns a project's channels, by name. */
    public List<Addressee> addressees(String project) {
        return list("project = ?1 order by name", project).stream()
                .map(Addressee::of)
                .toList();
    }

    /** Returns a channel as it is spoken to, if there is such a channel. */
    public Optional<Addressee> addressee(String project, String name) {
        return find(BY_NAME, project, name).firstResultOptional().map(Addressee::of);
    }

    /** Sends nothing more to a channel until it is written again. */
    public void disable(String project, String name, String reason) {
        update("disabledReason = ?3 where project = ?1 and name = ?2", project, name, reason);
    }

    Optional<Channel> channel(String project, String name) {
        return find(BY_NAME, project, name).firstResultOptional().map(Channel::of);
    }

    List<Channel> channels(@Nullable String project) {
        List<ChannelRow> rows =
                project == null ? list("order by project, name") : list("project = ?1 order by name", project);
        return rows.stream().map(Channel::of).toList();
    }

    /**
     * Writes a channel; one that says the same already stays as it is. One that was disabled is tried again.
     *
     * @param ifMatch version the caller has seen; null for any
     */
    @Transactional
    Channel put(ChannelDocument document, @Nullable String ifMatch, Actor actor) {
        Optional<ChannelRow> found = find(BY_NAME, document.project(), document.name())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
        ETags.requireMatch(ifMatch, found.map(row -> row.version).orElse(0L));
        ChannelRow row = found.orElseGet(() -> blank(document));
        if (found.isPresent() && row.disabledReason == null && document.equals(row.document())) {
            return Channel.of(row);
        }
        Channel before = found.map(Channel::of).orElse(null);
        row.type = document.type();
        row.url = document.url().toString();
        row.document = Json.write(document);
        row.enable();
        row.version++;
        row.updatedAt = Instant.now();
        persistAndFlush(row);
        Channel after = Channel.of(row);
        record(actor, before, after);
        return after;
    }

    private static ChannelRow blank(ChannelDocument document) {
        ChannelRow row = new ChannelRow();
        row.project = document.project();
        row.name = document.name();
        return row;
    }

    private void record(Actor actor, @Nullable Channel before, Channel after) {
        String subject = after.project() + "/" + after.name();
        String id = "channel:" + subject + "@" + after.version();
        AuditEvent event = new AuditEvent(
                id,
                "notifier",
                actor,
                "channel.put",
                subject,
                after.project(),
                null,
                before == null ? null : Json.tree(before),
                Json.tree(after),
                after.updatedAt());
        outbox.append(Topics.AUDIT, subject, event, id);
    }
}
